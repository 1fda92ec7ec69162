import { AppError, toAppError } from '../../core/errors.js';
import { checkFileSize } from '../../core/film/limits.js';
import type { ByteSource } from '../../core/torch/tensor.js';

/** The bytes of a film's file. @throws AppError `EMPTY_FILE`, `TOO_LARGE`, `FILE_VANISHED`, `OUT_OF_MEMORY`. */
export async function readBlob(file: Blob): Promise<Uint8Array> {
  checkFileSize(file.size);
  return bytesOf(file);
}

/** Random access to a file; what is not asked for is not read. Reading throws `FILE_VANISHED`, `OUT_OF_MEMORY`. */
export function blobSource(file: Blob): ByteSource {
  return { byteLength: file.size, slice: (from, to) => bytesOf(file.slice(from, to)) };
}

async function bytesOf(blob: Blob): Promise<Uint8Array> {
  try {
    return new Uint8Array(await blob.arrayBuffer());
  } catch (cause) {
    if (toAppError(cause).code === 'OUT_OF_MEMORY') throw cause;
    throw new AppError('FILE_VANISHED', 'The file could no longer be read.', {}, { cause });
  }
}
