import { createSHA256 } from 'hash-wasm';
import type { RunningHash } from '../../core/pack/hash.js';

/** SHA-256 in WebAssembly, for files of hundreds of megabytes: nearly twice as fast as in JavaScript. */
export async function startFastSha256(): Promise<RunningHash> {
  const hash = await createSHA256();
  hash.init();
  return { update: (chunk) => void hash.update(chunk), hex: () => hash.digest('hex') };
}
