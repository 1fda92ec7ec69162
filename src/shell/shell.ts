import type { RequestFact } from '../core/request-fact.js';
import type { BusyQuestion } from '../sw/messages.js';
import { ask } from './ask.js';
import { scopeOf } from './drop-shell.js';
import { InstallOffer } from './install-offer.js';
import { keepEngine } from './keep-engine.js';
import { takeQuery } from './incoming.js';
import { forgetOnce, once } from './once.js';
import type { ShellPage } from './state.js';
import { packKept } from './storage.js';
import { FRESH_QUERY, pageBuild, Updates } from './updates.js';

/** What has to be kept for a visit without network, besides the page itself. */
export interface KeptModel {
  readonly webgpu: boolean;
  /** Files of the pack; empty if they are kept elsewhere. */
  readonly files: readonly { readonly sha256: string; readonly bytes: number }[];
}

/** The page as an app: its service worker, its updates, what it keeps for a visit without network. */
export class Shell {
  readonly #updates: Updates;
  readonly #install: InstallOffer;
  readonly #fresh = takeQuery(FRESH_QUERY) !== undefined;
  #served: boolean;
  #settled = false;
  /** Set when the reader has cleared everything: nothing is kept again before the next visit. */
  #cleared = false;

  constructor(private readonly page: ShellPage) {
    this.#updates = new Updates(page, this.#fresh);
    this.#install = new InstallOffer(page);
    this.#served = Boolean(container()?.controller);
  }

  /** At the start of the page: listens, and gets the page isolated where its host does not see to it. */
  async open(): Promise<void> {
    const workers = container();
    if (!workers) return this.page.onChange({ offline: 'unavailable' });
    workers.addEventListener('message', ({ data, ports }: MessageEvent<BusyQuestion>) => {
      if (data.kind === 'busy?') ports[0]?.postMessage(this.page.hasOpenWork());
    });
    workers.addEventListener('controllerchange', () => void this.#afterChange());
    workers.startMessages();
    if (crossOriginIsolated) forgetOnce('isolate');
    else await this.#isolate();
  }

  /**
   * Once the page has nothing better to do: registers the service worker, keeps what the engine runs on, looks for a newer version.
   */
  async settle(model: KeptModel): Promise<void> {
    if (this.#settled || this.#cleared) return;
    this.#settled = true;
    if (!container()) return void this.#updates.check();
    this.page.onChange({ offline: 'preparing' });
    const active = await this.#register();
    const kept = active !== undefined && (await keepEngine(model.webgpu)) && (await packKept(model.files));
    this.page.onChange({ offline: kept && !this.#cleared ? 'ready' : 'unavailable' });
    await this.#updates.check();
  }

  takeUpdate(force: boolean): Promise<void> {
    return this.#updates.take(force);
  }

  repair(): Promise<void> {
    return this.#updates.repair();
  }

  /** Lets the browser ask the reader whether to install the page. */
  install(): Promise<void> {
    return this.#install.ask();
  }

  /** The reader has cleared everything. */
  forget(): void {
    this.#cleared = true;
    this.page.onChange({ offline: 'unknown', update: 'none' });
  }

  /** The files that were shared under this number. */
  async takeShared(id: string): Promise<readonly File[] | undefined> {
    const worker = container()?.controller;
    return worker ? ask(worker, { kind: 'take-shared', id }).catch(() => undefined) : undefined;
  }

  /** Requests of the service worker in use since it was started. */
  async requests(): Promise<readonly RequestFact[]> {
    const worker = container()?.controller;
    return worker ? ask(worker, { kind: 'requests' }).catch(() => []) : [];
  }

  /** The worker in use, which serves this page from now on; undefined where the browser or the host has none. */
  async #register(): Promise<ServiceWorker | undefined> {
    const workers = container();
    const build = pageBuild();
    if (!workers || build === undefined || this.#fresh) return undefined;
    try {
      const registration = await workers.register(new URL('sw.js', scopeOf()), { updateViaCache: 'none' });
      this.#updates.watch(registration);
      const active = await activeWorker(registration);
      if (active && !workers.controller) await ask(active, { kind: 'claim', build });
      return active;
    } catch {
      return undefined;
    }
  }

  /** On a host that sends no headers the service worker adds them: the page loads once more, unless a film is open by then. */
  async #isolate(): Promise<void> {
    const active = await this.#register();
    if (active && !this.page.hasOpenWork() && once('isolate')) location.reload();
  }

  /** Another worker serves this page: if it is of another build, the page goes with it. */
  async #afterChange(): Promise<void> {
    const first = !this.#served;
    this.#served = true;
    const worker = container()?.controller;
    if (first || !worker) return;
    const build = await ask(worker, { kind: 'identify' }).then(
      (facts) => facts.build,
      () => undefined,
    );
    if (build !== pageBuild()) location.reload();
  }
}

/** Undefined where the browser has no service workers for this page. */
function container(): ServiceWorkerContainer | undefined {
  return isSecureContext ? (navigator as { serviceWorker?: ServiceWorkerContainer }).serviceWorker : undefined;
}

/** Waits for the first worker of a registration; undefined if it does not install. */
function activeWorker(registration: ServiceWorkerRegistration): Promise<ServiceWorker | undefined> {
  if (registration.active) return Promise.resolve(registration.active);
  const worker = registration.installing ?? registration.waiting;
  if (!worker) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const look = (): void => {
      if (worker.state === 'activated') resolve(worker);
      if (worker.state === 'redundant') resolve(undefined);
    };
    worker.addEventListener('statechange', look);
    look();
  });
}
