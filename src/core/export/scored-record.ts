import type { Manifest } from '../pack/manifest.js';
import { positionNames } from '../pack/position-names.js';
import type { PositionScore, ScoreResult, Sides } from '../result.js';

/** A result as it is written out, by the command line and by the page: docs/formats.md has its fields. */
export interface ScoredRecord extends Omit<ScoreResult, 'positions'> {
  readonly positions: readonly (PositionScore & { readonly name: string })[];
  readonly sides: Sides;
}

/** A result with its positions named in patient terms. The order of the fields is part of what people see and is kept. */
export function scoredRecord(result: ScoreResult, manifest: Pick<Manifest, 'positions'>, sides: Sides): ScoredRecord {
  const { rule, score, threshold, aboveThreshold, calibrated, chestCheck, backend, pack, app, date, inputDigest, ms, film } =
    result;
  const names = positionNames(manifest, sides);
  const positions = result.positions.map(({ id, probability, logits }, i) => ({ id, name: names[i] ?? id, probability, logits }));
  const { prompting, classes } = result;
  const beside = { ...(calibrated !== undefined && { calibrated }), ...(chestCheck && { chestCheck }) };
  return {
    score,
    rule,
    threshold,
    aboveThreshold,
    ...beside,
    positions,
    sides,
    backend,
    pack,
    ...(prompting && { prompting }),
    ...(classes && { classes }),
    app,
    date,
    inputDigest,
    ms,
    film,
  };
}
