import type { ErrorCode } from '../../core/errors.js';

/** What a reader can do about an error besides choosing another film. */
export type Remedy = 'other-film' | 'again' | 'reload';

/** Exhaustive: a new code does not compile until it has a remedy here and words in each language. */
export function remedyOf(code: ErrorCode): Remedy {
  switch (code) {
    case 'EMPTY_FILE':
    case 'NOT_A_FILM':
    case 'DICOM_NOT_YET':
    case 'TRUNCATED':
    case 'CORRUPT':
    case 'TOO_LARGE':
    case 'TOO_SMALL':
    case 'BAD_SHAPE':
    case 'CMYK':
    case 'ANIMATED':
    case 'ZIP_INVALID':
    case 'ZIP_UNSUPPORTED':
    case 'ZIP_ENCRYPTED':
    case 'ZIP_NESTED':
    case 'ZIP_BOMB':
    case 'NO_FILMS':
    case 'CHECKPOINT_INVALID':
    case 'CHECKPOINT_UNSUPPORTED':
    case 'CHECKPOINT_MISSING_KEY':
    case 'CHECKPOINT_FORBIDDEN':
    case 'TEXT_TOO_LONG':
    case 'CLASSES_UNKNOWN':
    case 'WORDS_UNKNOWN':
    case 'BACKBONE_NEEDED':
    case 'BACKBONE_MISMATCH':
    case 'LINK_DAMAGED':
    case 'LINK_INVALID':
    case 'RESULT_INVALID':
      return 'other-film';
    case 'FILE_VANISHED':
    case 'DOWNLOAD_FAILED':
    case 'STORAGE_FULL':
    case 'PACK_NOT_FOUND':
    case 'BACKEND_WRONG':
    case 'OUT_OF_MEMORY':
    case 'DEVICE_LOST':
    case 'WORKER_LOST':
    case 'ABORTED':
    case 'INTERNAL':
      return 'again';
    case 'PACK_INVALID':
    case 'PACK_HASH':
    case 'PACK_TOO_NEW':
    case 'LINK_TOO_NEW':
    case 'BACKEND_UNAVAILABLE':
    case 'USAGE':
      return 'reload';
  }
}
