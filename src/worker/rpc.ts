import * as Comlink from 'comlink';
import { AppError, toAppError } from '../core/errors.js';
import type { RequestFact } from '../core/request-fact.js';
import type { ErrorValue, Outcome } from '../core/result.js';
import type { WorkerApi } from './api.js';

/** What `serve` adds to the worker's own API, so that the page notices when a worker dies or hangs. */
export interface Lifeline {
  /**
   * Holds the Web Lock `name` for as long as the worker lives; resolves once it is held, with false where there are no
   * locks. The page asks for the same lock: a worker that dies, by whatever hand, gives it up.
   */
  hold(name: string): Promise<boolean>;
  ping(): Promise<true>;
  /** Every request that the worker has made. */
  requests(): Promise<readonly RequestFact[]>;
}

export type Served<A extends object = WorkerApi> = A & Lifeline;

/** An `AppError` as plain data: comlink would carry its message alone. */
export function toErrorValue(thrown: unknown): ErrorValue {
  const { code, message, detail } = toAppError(thrown);
  return { code, message, detail };
}

/** Runs `work` and returns what it gave or threw as a value. */
export async function outcomeOf<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (thrown) {
    return { ok: false, error: toErrorValue(thrown) };
  }
}

/** The value of a success. @throws AppError the failure, an error again with its code and detail. */
export function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new AppError(outcome.error.code, outcome.error.message, outcome.error.detail);
}

/**
 * Worker side: answers calls on `endpoint` (the worker's own scope by default) with `api`. Film pixels are transferred, not copied.
 */
export function serve(api: WorkerApi, endpoint?: Comlink.Endpoint): void {
  const served: WorkerApi = {
    start: (request, onEvent) => api.start(request, onEvent),
    async score(request) {
      const outcome = await api.score(request);
      return outcome.ok ? Comlink.transfer(outcome, [outcome.value.pixels.buffer]) : outcome;
    },
    scoreReady: (request) => api.scoreReady(request),
    setWords: (request) => api.setWords(request),
    cancel: (jobId) => api.cancel(jobId),
  };
  exposeAlive(served, endpoint);
}

/** Worker side: answers calls with the functions of `api`, a plain object, and shows that the worker lives. */
export function exposeAlive<A extends object>(api: A, endpoint?: Comlink.Endpoint): void {
  performance.setResourceTimingBufferSize(REQUESTS_REMEMBERED);
  const lifeline: Lifeline = {
    hold: holdLock,
    ping: () => Promise.resolve(true as const),
    requests: () => Promise.resolve(requestsMade()),
  };
  Comlink.expose({ ...api, ...lifeline }, endpoint);
}

/** More than a session ever makes: the browser forgets what goes beyond. */
const REQUESTS_REMEMBERED = 5000;

/** Every request of this page or worker, as the browser recorded it. */
export function requestsMade(): readonly RequestFact[] {
  const entries = performance.getEntriesByType('resource') as unknown as readonly { name: string; transferSize: number }[];
  return entries.map(({ name, transferSize }) => ({ url: name, received: transferSize }));
}

/** Page side: the worker's API as promises. */
export function connect<A extends object>(endpoint: Comlink.Endpoint): Comlink.Remote<Served<A>> {
  return Comlink.wrap<Served<A>>(endpoint);
}

/** A callback that the other side can call; keep it small, its arguments are cloned. */
export function callback<F extends (...args: never[]) => unknown>(listener: F): F & Comlink.ProxyMarked {
  return Comlink.proxy(listener);
}

function holdLock(name: string): Promise<boolean> {
  const { locks } = (globalThis as { navigator?: { locks?: LockManager } }).navigator ?? {};
  if (!locks) return Promise.resolve(false);
  return new Promise((resolve) => {
    const held = locks.request(name, () => {
      resolve(true);
      return new Promise<never>(() => undefined);
    });
    held.catch(() => resolve(false));
  });
}
