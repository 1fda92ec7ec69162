import { throwIfAborted } from '../core/errors.js';
import { startSha256, type RunningHash } from '../core/pack/hash.js';
import { readRange } from '../core/torch/byte-cursor.js';
import type { ByteSource } from '../core/torch/tensor.js';
import type { RunOptions } from './ports.js';

const CHUNK = 4 * 1024 * 1024;

/**
 * SHA-256 of a file of any length, read in pieces; progress is the length of each piece.
 *
 * @throws AppError `CHECKPOINT_INVALID` for a file that shrinks meanwhile, `ABORTED`.
 */
export async function hashFile(
  source: ByteSource,
  { signal, onProgress }: RunOptions<number> = {},
  startHash: () => RunningHash = startSha256,
): Promise<string> {
  const hash = startHash();
  for (let at = 0; at < source.byteLength; at += CHUNK) {
    throwIfAborted(signal);
    const chunk = await readRange(source, at, Math.min(at + CHUNK, source.byteLength));
    hash.update(chunk);
    onProgress?.(chunk.byteLength);
  }
  return hash.hex();
}
