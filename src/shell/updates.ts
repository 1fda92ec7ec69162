import { ask } from './ask.js';
import { dropShell, scopeOf } from './drop-shell.js';
import { once } from './once.js';
import type { ShellPage } from './state.js';

/** The build of this page, by its own `meta` element; undefined in a page that was not built. */
export const pageBuild = (): string | undefined =>
  document.querySelector<HTMLMetaElement>('meta[name="build"]')?.content || undefined;

/**
 * In the address of a page that was loaded past its service worker: for this visit it has none. To register it again at once would
 * bring the old one back, which the browser is still about to end.
 */
export const FRESH_QUERY = 'fresh';

const HOUR_MS = 3_600_000;
/** A server in the middle of an update may have the new version.json and the old sw.js: time to finish. */
const SETTLING_MS = 300_000;

/**
 * Newer versions: offered, never taken by themselves. The service worker of a newer build waits until the reader asks for it, and
 * then every window loads again with it, so that no page ever runs on another build's worker.
 */
export class Updates {
  #registration: ServiceWorkerRegistration | undefined;
  #lastCheck = -Infinity;
  /** When the server was first seen with a build that no service worker came for. */
  #behindSince: number | undefined;

  constructor(
    private readonly page: ShellPage,
    private readonly fresh: boolean,
    private readonly build: string | undefined = pageBuild(),
  ) {}

  /** Follows a registration from now on. */
  watch(registration: ServiceWorkerRegistration): void {
    if (this.#registration === registration) return;
    this.#registration = registration;
    registration.addEventListener('updatefound', () => void this.#follow(registration.installing));
    void this.#offer(registration.waiting);
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible' && performance.now() - this.#lastCheck > HOUR_MS) void this.check();
    });
    setInterval(() => void this.check(), HOUR_MS);
  }

  /**
   * Asks the server, past every cache, which build it has. A worker that should come and does not is told as `stuck`, so that the
   * reader is not left with an old page for ever.
   */
  async check(): Promise<void> {
    this.#lastCheck = performance.now();
    const server = await buildOnServer();
    if (server === undefined || server === this.build) {
      this.#behindSince = undefined;
      return;
    }
    const registration = this.#registration;
    if (!registration) {
      // Nothing but a reload will do, and it is offered once: a host that contradicts itself would have it offered for ever.
      if (!this.fresh && once(`update-${server}`)) this.page.onChange({ update: 'ready' });
      return;
    }
    try {
      await registration.update();
    } catch {
      return this.page.onChange({ update: 'stuck' });
    }
    if (registration.installing || registration.waiting) return;
    this.#behindSince ??= performance.now();
    if (performance.now() - this.#behindSince >= SETTLING_MS) this.page.onChange({ update: 'stuck' });
    else setTimeout(() => void this.check(), SETTLING_MS);
  }

  /** Takes the newer version: every window of the page loads again. `force` even those with work open. */
  async take(force: boolean): Promise<void> {
    const waiting = this.#registration?.waiting;
    if (!waiting) return location.reload();
    // A window that the worker in use does not serve hears no change of it.
    waiting.addEventListener('statechange', () => waiting.state === 'activated' && location.reload());
    try {
      const { busy } = await ask(waiting, { kind: 'activate', force });
      if (busy > 0) this.page.onChange({ update: 'busy', busyWindows: busy });
    } catch {
      this.page.onChange({ update: 'stuck' });
    }
  }

  /** Loads the page from the server, past a service worker that does not give way. */
  async repair(): Promise<void> {
    await dropShell();
    const url = new URL(location.href);
    url.searchParams.set(FRESH_QUERY, '1');
    location.replace(url);
  }

  async #follow(incoming: ServiceWorker | null): Promise<void> {
    if (!incoming) return;
    const state = await outcome(incoming);
    if (state === 'redundant') {
      if (this.#registration?.active) this.page.onChange({ update: 'stuck' });
    } else await this.#offer(this.#registration?.waiting ?? null);
  }

  async #offer(waiting: ServiceWorker | null): Promise<void> {
    // The first worker of all waits for nobody.
    if (!waiting || !this.#registration?.active) return;
    try {
      const { build } = await ask(waiting, { kind: 'identify' });
      // A page that came past the worker in use is of the newer build already.
      if (build === this.build) await ask(waiting, { kind: 'activate', force: false });
      else this.page.onChange({ update: 'ready' });
    } catch {
      this.page.onChange({ update: 'stuck' });
    }
  }
}

/** How an installation ends. */
function outcome(incoming: ServiceWorker): Promise<ServiceWorkerState> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (incoming.state !== 'installing' && incoming.state !== 'parsed') resolve(incoming.state);
    };
    incoming.addEventListener('statechange', look);
    look();
  });
}

/** Undefined without a network, or where something else than our server answers. */
async function buildOnServer(): Promise<string | undefined> {
  if (!navigator.onLine) return undefined;
  try {
    const response = await fetch(new URL('version.json', scopeOf()), { cache: 'no-store', credentials: 'same-origin' });
    const version = (await response.json()) as { build?: unknown } | null;
    return response.ok && typeof version?.build === 'string' ? version.build : undefined;
  } catch {
    return undefined;
  }
}
