import { ENGINE_CACHE, engineKey } from './messages.js';
import { secured } from './headers.js';
import { scope } from './scope.js';

const BINARIES = Object.values(__ENGINE_BINARIES__);

/** The engine's WebAssembly, which the page keeps by its hash; from the network where it is not kept. */
export function engineBinary(event: FetchEvent, url: URL): Promise<Response> | undefined {
  const binary = BINARIES.find(({ path }) => new URL(path, scope).href === url.href);
  return binary && fromCache(event.request, binary.sha256);
}

async function fromCache(request: Request, sha256: string): Promise<Response> {
  const kept = await caches.match(engineKey(scope, sha256), { cacheName: ENGINE_CACHE }).catch(() => undefined);
  return kept ?? secured(await fetch(request));
}

/** Drops what no build of ours asks for any more. */
export async function forgetOldBinaries(): Promise<void> {
  const wanted = new Set(BINARIES.map(({ sha256 }) => engineKey(scope, sha256)));
  const cache = await caches.open(ENGINE_CACHE);
  for (const { url } of await cache.keys()) if (url.startsWith(scope) && !wanted.has(url)) await cache.delete(url);
}
