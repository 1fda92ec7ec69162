import { SHARED_QUERY } from './messages.js';
import { scope } from './scope.js';

/** As `share_target` of the manifest has it. */
const ACTION = 'share';
const FIELD = 'film';
const MOST_FILES = 200;
/** Time for the page to load and ask. */
const KEPT_MS = 120_000;

interface Shared {
  readonly files: readonly File[];
  readonly taken: () => void;
}

/** In memory alone: a film that was shared is never written anywhere. */
const waiting = new Map<string, Shared>();

/** Takes what another app shares, and sends the reader to the page, which asks for it. Undefined for any other request. */
export function takeShare(event: FetchEvent, url: URL): Promise<Response> | undefined {
  if (event.request.method !== 'POST' || url.href !== new URL(ACTION, scope).href) return undefined;
  return keepFiles(event);
}

async function keepFiles(event: FetchEvent): Promise<Response> {
  const page = new URL(scope);
  const id = crypto.randomUUID();
  page.searchParams.set(SHARED_QUERY, id);
  try {
    const form = await event.request.formData();
    const files = form.getAll(FIELD).filter((value) => value instanceof File && value.size > 0) as File[];
    if (files.length > 0) event.waitUntil(keep(id, files.slice(0, MOST_FILES)));
  } catch {
    // No form: the page finds nothing under this number, and says so.
  }
  return Response.redirect(page.href, 303);
}

/** Resolves once the files are taken, or too late to be: until then the browser lets the worker live. */
function keep(id: string, files: readonly File[]): Promise<void> {
  return new Promise((resolve) => {
    const taken = (): void => {
      waiting.delete(id);
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(taken, KEPT_MS);
    waiting.set(id, { files, taken });
  });
}

/** Gives what was shared under this number, once. */
export function giveShared(id: string): readonly File[] | undefined {
  const shared = waiting.get(id);
  shared?.taken();
  return shared?.files;
}
