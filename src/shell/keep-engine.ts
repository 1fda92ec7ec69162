import { ENGINE_CACHE, engineKey } from '../sw/messages.js';
import { scopeOf } from './drop-shell.js';

interface Binary {
  readonly path: string;
  readonly sha256: string;
  /** Of what gzip holds: hosts that say so in a header have the browser undo it. */
  readonly unzipped?: string;
}

/**
 * Keeps the WebAssembly that a visit without network needs, by its hash: the first visit fetched it before there was a service
 * worker. The processor's is kept beside WebGPU's, which may fail.
 *
 * @returns whether all of it is kept now.
 */
export async function keepEngine(webgpu: boolean): Promise<boolean> {
  if (!('caches' in globalThis)) return false;
  const { cpu, jspi, asyncify } = __ENGINE_BINARIES__;
  const wanted = webgpu ? [cpu, 'Suspending' in WebAssembly ? jspi : asyncify] : [cpu];
  try {
    const cache = await caches.open(ENGINE_CACHE);
    for (const binary of wanted) if (!(await keep(cache, binary))) return false;
    return true;
  } catch {
    // Full, forbidden, or no network: the next visit tries again.
    return false;
  }
}

async function keep(cache: Cache, { path, sha256, unzipped }: Binary): Promise<boolean> {
  const scope = scopeOf();
  const key = engineKey(scope, sha256);
  if (await cache.match(key)) return true;
  // What the engine was started from is in the browser's cache still.
  const response = await fetch(new URL(path, scope), { cache: 'force-cache', credentials: 'same-origin' });
  if (!response.ok) return false;
  const bytes = await response.arrayBuffer();
  const hash = await hexSha256(bytes);
  if (hash !== sha256 && hash !== unzipped) return false;
  const type = unzipped !== undefined && hash === sha256 ? 'application/gzip' : 'application/wasm';
  await cache.put(key, new Response(bytes, { headers: { 'content-type': type, 'content-length': String(bytes.byteLength) } }));
  return true;
}

async function hexSha256(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
