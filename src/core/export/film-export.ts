import type { ErrorValue, ScoreResult, Sides } from '../result.js';
import type { RecordManifest } from './scored-record.js';

/** Said in every export. */
export const RESEARCH_USE = 'Research use, not for diagnosis.';

/** A scored film on its way into an export; `manifest` is that of the pack which scored it. */
export interface ScoredExport {
  readonly name: string;
  /** Drawn by our own code, not a patient's. */
  readonly synthetic: boolean;
  readonly sides: Sides;
  readonly result: ScoreResult;
  readonly manifest: RecordManifest;
}

/** A film that could not be scored. */
export interface FailedExport {
  readonly name: string;
  readonly error: Pick<ErrorValue, 'code' | 'message'>;
}

export type FilmExport = ScoredExport | FailedExport;

export interface ExportOptions {
  /** File names, and error messages, which may quote them; only where the reader ticked it. */
  readonly withNames: boolean;
}
