/**
 * Every way in which a film, a pack, a checkpoint or the machine can fail us, by name. Page and CLI map each code to
 * advice in an exhaustive switch, so a new code does not compile until both have words for it.
 */
export type ErrorCode =
  // film
  | 'EMPTY_FILE'
  | 'NOT_A_FILM'
  | 'DICOM_NOT_YET'
  | 'TRUNCATED'
  | 'CORRUPT'
  | 'TOO_LARGE'
  | 'TOO_SMALL'
  | 'BAD_SHAPE'
  | 'CMYK'
  | 'ANIMATED'
  | 'FILE_VANISHED'
  // archive of films
  | 'ZIP_INVALID'
  | 'ZIP_UNSUPPORTED'
  | 'ZIP_ENCRYPTED'
  | 'ZIP_NESTED'
  | 'ZIP_BOMB'
  | 'NO_FILMS'
  // pack
  | 'PACK_NOT_FOUND'
  | 'PACK_INVALID'
  | 'PACK_HASH'
  | 'PACK_TOO_NEW'
  | 'DOWNLOAD_FAILED'
  | 'STORAGE_FULL'
  // checkpoint
  | 'CHECKPOINT_INVALID'
  | 'CHECKPOINT_UNSUPPORTED'
  | 'CHECKPOINT_MISSING_KEY'
  | 'CHECKPOINT_FORBIDDEN'
  | 'TEXT_TOO_LONG'
  | 'WORDS_UNKNOWN'
  | 'CLASSES_UNKNOWN'
  | 'BACKBONE_NEEDED'
  | 'BACKBONE_MISMATCH'
  // result link
  | 'LINK_DAMAGED'
  | 'LINK_INVALID'
  | 'LINK_TOO_NEW'
  | 'RESULT_INVALID'
  // engine
  | 'BACKEND_UNAVAILABLE'
  | 'BACKEND_WRONG'
  | 'OUT_OF_MEMORY'
  | 'DEVICE_LOST'
  | 'WORKER_LOST'
  | 'ABORTED'
  // command line
  | 'USAGE'
  | 'INTERNAL';

/** Facts that name what is wrong and where: an offset, a key, a declared size. Plain data: it crosses to the worker's client. */
export type ErrorDetail = Readonly<Record<string, string | number | boolean>>;

/** The project's one error. `message` states the fact, in English; advice is the reader's side's business. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly detail: ErrorDetail;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.detail = detail;
  }
}

/** Whatever was thrown, as an `AppError`: ours as it is, an abort as `ABORTED`, a failed allocation as `OUT_OF_MEMORY`. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (thrown instanceof Error && thrown.name === 'AbortError') return new AppError('ABORTED', 'Stopped.', {}, { cause: thrown });
  if (/out of memory|allocation failed|bad_alloc|Array buffer allocation|(unable|failed) to grow/i.test(message))
    return new AppError('OUT_OF_MEMORY', message, {}, { cause: thrown });
  return new AppError('INTERNAL', message, {}, { cause: thrown });
}

/** Throws `ABORTED` if the signal has fired: long loops call it between steps. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AppError('ABORTED', 'Stopped.');
}
