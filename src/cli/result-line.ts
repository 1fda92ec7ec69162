import type { AppError } from '../core/errors.js';
import type { Manifest } from '../core/pack/manifest.js';
import type { ScoreResult, Sides } from '../core/result.js';

/** What people read at a position, in English and in patient terms, as the reader has the sides. */
export function positionNames({ positions }: Pick<Manifest, 'positions'>, sides: Sides): readonly string[] {
  return positions.map(({ name, flippedName }) => (sides === 'flipped' ? (flippedName?.en ?? name.en) : name.en));
}

/** A scored film as one line of JSON. The order of the fields is part of what people see and is kept. */
export function resultLine(file: string, result: ScoreResult, manifest: Pick<Manifest, 'positions'>, sides: Sides): string {
  const { rule, score, threshold, aboveThreshold, backend, pack, app, date, inputDigest, ms, film } = result;
  const names = positionNames(manifest, sides);
  const positions = result.positions.map(({ id, probability, logits }, i) => ({ id, name: names[i], probability, logits }));
  const line = {
    file,
    score,
    rule,
    threshold,
    aboveThreshold,
    positions,
    sides,
    backend,
    pack,
    app,
    date,
    inputDigest,
    ms,
    film,
  };
  return JSON.stringify(line);
}

/** A film that could not be scored as one line of JSON. */
export function errorLine(file: string, { code, message }: Pick<AppError, 'code' | 'message'>): string {
  return JSON.stringify({ file, error: { code, message } });
}
