// The compiler knows this file's global scope as that of any worker.
export const worker = self as unknown as ServiceWorkerGlobalScope;

/** The folder of the page, with a slash at its end: the worker has nothing to do with the rest of its host. */
export const scope: string = new URL('./', worker.location.href).href;

/** The windows that show the page, served by this worker or not. */
export async function windows(): Promise<readonly WindowClient[]> {
  const all = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  return all.filter(({ url }) => url.startsWith(scope));
}
