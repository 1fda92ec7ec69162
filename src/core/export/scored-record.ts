import type { Manifest } from '../pack/manifest.js';
import { positionNames } from '../pack/position-names.js';
import type { PositionScore, ScoreResult, Sides } from '../result.js';

/** What a record says of its pack beyond the result. */
export type RecordManifest = Pick<Manifest, 'positions' | 'rule' | 'stage'>;

/** A result as it is written out, by the command line and by the page: docs/formats.md has its fields. */
export interface ScoredRecord extends Omit<ScoreResult, 'positions' | 'pack'> {
  /** The bound of PPAD's rule; not there for another rule. */
  readonly maxAbove?: number;
  readonly pack: ScoreResult['pack'] & { readonly stage: Manifest['stage'] };
  readonly positions: readonly (PositionScore & { readonly name: string })[];
  readonly sides: Sides;
}

/** A result with its positions named in patient terms. The order of the fields is part of what people see and is kept. */
export function scoredRecord(result: ScoreResult, manifest: RecordManifest, sides: Sides): ScoredRecord {
  const { rule, score, threshold, aboveThreshold, calibrated, chestCheck, backend, pack, app, date, inputDigest, ms, film } =
    result;
  const names = positionNames(manifest, sides);
  const positions = result.positions.map(({ id, probability, logits }, i) => ({ id, name: names[i] ?? id, probability, logits }));
  const { prompting, classes } = result;
  const beside = { ...(calibrated !== undefined && { calibrated }), ...(chestCheck && { chestCheck }) };
  return {
    score,
    rule,
    ...(manifest.rule.kind === 'ppad' && { maxAbove: manifest.rule.maxAbove }),
    threshold,
    aboveThreshold,
    ...beside,
    positions,
    sides,
    backend,
    pack: { ...pack, stage: manifest.stage },
    ...(prompting && { prompting }),
    ...(classes && { classes }),
    app,
    date,
    inputDigest,
    ms,
    film,
  };
}
