import { throwIfAborted } from '../core/errors.js';
import { startSha256, type StartHash } from '../core/pack/hash.js';
import { readPieces } from '../core/torch/byte-cursor.js';
import type { ByteSource } from '../core/torch/tensor.js';
import type { RunOptions } from './ports.js';

/**
 * SHA-256 of a file of any length, read in pieces; progress is the length of each piece.
 *
 * @throws AppError `CHECKPOINT_INVALID` for a file that shrinks meanwhile, `ABORTED`.
 */
export async function hashFile(
  source: ByteSource,
  { signal, onProgress }: RunOptions<number> = {},
  startHash: StartHash = startSha256,
): Promise<string> {
  const hash = await startHash();
  for await (const piece of readPieces(source, 0, source.byteLength)) {
    throwIfAborted(signal);
    hash.update(piece);
    onProgress?.(piece.byteLength);
  }
  return hash.hex();
}
