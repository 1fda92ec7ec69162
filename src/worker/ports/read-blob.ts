import { AppError, toAppError } from '../../core/errors.js';
import { checkFileSize } from '../../core/film/limits.js';
import type { ByteSource } from '../../core/torch/tensor.js';

/** The bytes of a film's file. @throws AppError `EMPTY_FILE`, `TOO_LARGE`, `FILE_VANISHED`, `OUT_OF_MEMORY`. */
export async function readBlob(file: Blob): Promise<Uint8Array> {
  checkFileSize(file.size);
  return bytesOf(file);
}

/**
 * From here on a range is read as one stream, through one buffer. A stream a tensor, hundreds of a few megabytes one after the other,
 * is too many: in Chromium one of them stopped answering in four imports of 605 MB out of four.
 */
const STREAMED_BYTES = 1 << 26;

/** Random access to a file; what is not asked for is not read. Reading throws `FILE_VANISHED`, `OUT_OF_MEMORY`. */
export function blobSource(file: Blob, streamed = STREAMED_BYTES): ByteSource {
  return {
    byteLength: file.size,
    slice: (from, to) => bytesOf(file.slice(from, to)),
    pieces: (from, to) => piecesOf(file.slice(from, to), streamed),
  };
}

const PIECE_BYTES = 1 << 20;

/** A blob in pieces; a large one's share a buffer, where the browser's streams can fill one: new ones would wait for the collector by the hundred. */
async function* piecesOf(blob: Blob, streamed: number): AsyncGenerator<Uint8Array> {
  const reader = blob.size >= streamed ? byteReader(blob) : undefined;
  if (!reader) {
    for (let at = 0; at < blob.size; at += PIECE_BYTES) yield bytesOf(blob.slice(at, at + PIECE_BYTES));
    return;
  }
  try {
    let buffer = new ArrayBuffer(Math.min(PIECE_BYTES, blob.size));
    for (let left = blob.size; left > 0;) {
      const wanted = Math.min(buffer.byteLength, left);
      let filled = 0;
      while (filled < wanted) {
        const { done, value } = await reader.read(new Uint8Array(buffer, filled, wanted - filled)).catch(vanished);
        if (done) return;
        // The buffer went to the stream and came back.
        ({ buffer } = value);
        filled += value.byteLength;
      }
      left -= filled;
      yield new Uint8Array(buffer, 0, filled);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Undefined where a blob's stream is none of bytes (older browsers). */
function byteReader(blob: Blob): ReadableStreamBYOBReader | undefined {
  try {
    return blob.stream().getReader({ mode: 'byob' });
  } catch {
    return undefined;
  }
}

function vanished(cause: unknown): never {
  throw new AppError('FILE_VANISHED', 'The file could no longer be read.', {}, { cause });
}

async function bytesOf(blob: Blob): Promise<Uint8Array> {
  try {
    return new Uint8Array(await blob.arrayBuffer());
  } catch (cause) {
    if (toAppError(cause).code === 'OUT_OF_MEMORY') throw cause;
    return vanished(cause);
  }
}
