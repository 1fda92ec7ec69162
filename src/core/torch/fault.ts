import { AppError, type ErrorDetail } from '../errors.js';

/** A checkpoint whose bytes contradict their format. `detail` names the key or the offset. */
export function damaged(fact: string, detail: ErrorDetail): AppError {
  return new AppError('CHECKPOINT_INVALID', fact, detail);
}

/** A checkpoint that may be sound, but is of a kind this reader does not read. */
export function unsupported(fact: string, detail: ErrorDetail = {}): AppError {
  return new AppError('CHECKPOINT_UNSUPPORTED', fact, detail);
}
