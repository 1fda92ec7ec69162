import { PrecacheController } from 'workbox-precaching/PrecacheController.js';
import type { PrecacheEntry } from 'workbox-precaching/_types.js';
import { secured } from './headers.js';
import { scope } from './scope.js';

declare const self: { readonly __WB_MANIFEST: (string | PrecacheEntry)[] };

const controller = new PrecacheController();
controller.addToCacheList(self.__WB_MANIFEST);

/** Fetches the shell's files that are not there yet. One that has another hash than the build's fails the whole: builds never mix. */
export const installShell = (event: ExtendableEvent): Promise<unknown> => controller.install(event);

/** Drops the files of earlier builds. */
export const activateShell = (event: ExtendableEvent): Promise<unknown> => controller.activate(event);

/** The address under which a file of the shell is listed; undefined for any other. Queries are the page's own business. */
function listed(url: URL): string | undefined {
  const path = url.pathname === new URL(scope).pathname ? 'index.html' : url.pathname;
  const { href } = new URL(path, scope);
  return controller.getCacheKeyForURL(href) === undefined ? undefined : href;
}

/** The answer to a request for a file of the shell; undefined if it is none. */
export function shellFile(event: FetchEvent, url: URL): Promise<Response> | undefined {
  const file = listed(url);
  return file === undefined ? undefined : fromShell(event, file);
}

async function fromShell(event: FetchEvent, file: string): Promise<Response> {
  const cacheKey = controller.getCacheKeyForURL(file) ?? file;
  const integrity = controller.getIntegrityForCacheKey(cacheKey);
  try {
    // What the browser threw away is fetched again, and put back if it has the right hash.
    const params = { cacheKey, ...(integrity === undefined ? {} : { integrity }) };
    const request = new Request(file, { credentials: 'same-origin' });
    return secured(await controller.strategy.handle({ event, request, params }));
  } catch {
    // The server has another build by now, or none: whatever it has is better than a page that does not open.
    return secured(await fetch(event.request));
  }
}
