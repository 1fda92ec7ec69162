import type { AppError } from '../core/errors.js';
import { scoredRecord, type RecordManifest } from '../core/export/scored-record.js';
import type { ScoreResult, Sides } from '../core/result.js';

/** A scored film as one line of JSON. */
export function resultLine(file: string, result: ScoreResult, manifest: RecordManifest, sides: Sides): string {
  return JSON.stringify({ file, ...scoredRecord(result, manifest, sides) });
}

/** A film that could not be scored as one line of JSON. */
export function errorLine(file: string, { code, message }: Pick<AppError, 'code' | 'message'>): string {
  return JSON.stringify({ file, error: { code, message } });
}
