import type { Endpoint, Remote } from 'comlink';
import { AppError } from '../core/errors.js';
import { Lifetime } from '../core/lifetime.js';
import type { Outcome } from '../core/result.js';
import type { WorkerApi } from './api.js';
import { connect, unwrap, type Served } from './rpc.js';

/** The part of a `Worker` that we use: tests bring a message port in its place. */
export interface WorkerLike extends Endpoint {
  terminate(): void;
}

export interface ConnectionOptions {
  /** A worker that answers nothing for so long while a call is pending counts as lost. Inference blocks it for seconds. */
  readonly silenceMs: number;
  /** The browser's locks; undefined where there are none: then the heartbeat alone tells. */
  readonly locks?: Pick<LockManager, 'request'> | undefined;
}

/**
 * One life of a worker. Comlink leaves calls pending for ever when a worker dies, so every call ends with the worker's loss:
 * its error events, the lock it holds while it lives, and a heartbeat.
 */
export class Connection<A extends object = WorkerApi> {
  readonly api: Remote<Served<A>>;
  readonly #worker: WorkerLike;
  readonly #silenceMs: number;
  readonly #abortLock = new AbortController();
  readonly #life = new Lifetime();
  #alive = true;
  #heartbeat: ReturnType<typeof setTimeout> | undefined;

  constructor(worker: WorkerLike, options: ConnectionOptions) {
    this.#worker = worker;
    this.#silenceMs = options.silenceMs;
    this.api = connect<A>(worker);
    worker.addEventListener('error', this.#onError);
    worker.addEventListener('messageerror', this.#onError);
    if (options.locks) void this.#watchLock(options.locks);
  }

  get alive(): boolean {
    return this.#alive;
  }

  /**
   * Asks the worker.
   *
   * @throws AppError what the worker answered, or `WORKER_LOST` as soon as it is gone.
   */
  async call<T>(ask: (api: Remote<Served<A>>) => Promise<Outcome<T>>): Promise<T> {
    try {
      const answer = this.#life.run(() => ask(this.api));
      this.#heartbeat ??= setTimeout(() => this.#beat(), this.#silenceMs / 8);
      return unwrap(await answer);
    } finally {
      if (this.#life.running === 0) this.#rest();
    }
  }

  /** Ends the worker; calls still pending are rejected with `reason`. */
  close(reason = new AppError('WORKER_LOST', 'The worker was closed.')): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#rest();
    this.#abortLock.abort();
    this.#worker.removeEventListener('error', this.#onError);
    this.#worker.removeEventListener('messageerror', this.#onError);
    this.#worker.terminate();
    this.#life.end(reason);
  }

  readonly #onError = (event: unknown): void => {
    const message = (event as { message?: unknown }).message;
    const why = typeof message === 'string' && message ? message : 'no message';
    this.close(new AppError('WORKER_LOST', `The worker failed: ${why}.`));
  };

  /** Once the worker holds its lock, ours is granted only when it has died. */
  async #watchLock(locks: Pick<LockManager, 'request'>): Promise<void> {
    const name = `worker-${crypto.randomUUID()}`;
    try {
      if (!(await this.api.hold(name)) || !this.#alive) return;
      await locks.request(name, { signal: this.#abortLock.signal }, () =>
        this.close(new AppError('WORKER_LOST', 'The worker ended unexpectedly.')),
      );
    } catch {
      // Closed in the meantime, or a worker without a lifeline: the heartbeat remains.
    }
  }

  /** Asks for a sign. Most calls are answered before the first one is due: each would cost two messages more. */
  #beat(): void {
    this.#heartbeat = setTimeout(() => {
      this.close(new AppError('WORKER_LOST', `The worker gave no sign for ${Math.round(this.#silenceMs / 1000)} s.`));
    }, this.#silenceMs);
    const again = (): void => {
      if (!this.#alive || this.#life.running === 0) return;
      clearTimeout(this.#heartbeat);
      this.#heartbeat = setTimeout(() => this.#beat(), this.#silenceMs / 8);
    };
    this.api.ping().then(again, () => undefined);
  }

  #rest(): void {
    clearTimeout(this.#heartbeat);
    this.#heartbeat = undefined;
  }
}
