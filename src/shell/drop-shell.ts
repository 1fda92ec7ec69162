/** The folder of the page, with a slash at its end. */
export const scopeOf = (): string => new URL('./', document.baseURI).href;

/** The registrations of this page's service worker, and of no other page of its host. */
export async function registrations(): Promise<readonly ServiceWorkerRegistration[]> {
  if (!('serviceWorker' in navigator)) return [];
  const all = await navigator.serviceWorker.getRegistrations();
  return all.filter(({ scope }) => scope === scopeOf());
}

/** The names of the caches that hold this page's own files: Workbox ends them with the scope. */
export async function shellCaches(): Promise<readonly string[]> {
  if (!('caches' in globalThis)) return [];
  return (await caches.keys()).filter((name) => name.startsWith('workbox-precache') && name.endsWith(scopeOf()));
}

/** Takes the service worker and the page's own files out of this browser: the next load comes from the server. Models stay. */
export async function dropShell(): Promise<void> {
  for (const registration of await registrations()) await registration.unregister();
  for (const name of await shellCaches()) await caches.delete(name);
}
