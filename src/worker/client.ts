import { AppError, throwIfAborted, toAppError } from '../core/errors.js';
import type { RequestFact } from '../core/request-fact.js';
import type { Backend, ErrorValue, Outcome, ScoreResult } from '../core/result.js';
import type { ScorableFilm } from '../engine/score.js';
import {
  LIBRARY_SCHEME,
  type BackendFailure,
  type EngineState,
  type ScoredFilm,
  type StartRequest,
  type WorkerEvent,
} from './api.js';
import { Connection, type WorkerLike } from './connection.js';
import type { Remote } from 'comlink';
import { callback, toErrorValue, type Served } from './rpc.js';

export type { WorkerLike } from './connection.js';
export { createLibraryClient, createLibraryWorker, type LibraryClient } from './library-client.js';
export { requestsMade, toErrorValue } from './rpc.js';
export type { FilmSource } from './decoder-api.js';
export { createDecoders, createDecoderWorker, decoderCount, type Decoders } from './decoders.js';
export { drawSample, SAMPLE_KINDS, type SampleKind } from './samples.js';
export type JobStage = Extract<WorkerEvent, { kind: 'job-stage' }>['stage'];

/** What the worker tells, and what becomes of the engine as a whole. */
export type ClientEvent =
  | Exclude<WorkerEvent, { kind: 'job-stage' }>
  | { readonly kind: 'engine-starting' }
  /** `packId`: the library's pack in use; undefined for the one that the page came with. */
  | { readonly kind: 'engine-ready'; readonly engine: EngineState; readonly packId: string | undefined }
  /** A pack of the library that cannot be used: the one before it, or the page's own, is taken instead. */
  | { readonly kind: 'pack-refused'; readonly packId: string; readonly error: ErrorValue }
  | { readonly kind: 'engine-failed'; readonly error: ErrorValue };

export interface WorkerClientOptions {
  /** Starts a new worker; called again after each loss. */
  readonly createWorker: () => WorkerLike;
  readonly assetsUrl: string;
  /** The pack that the page came with: used when no other is wished for, or none other works. */
  readonly packUrl: string;
  /** The library's pack to begin with. */
  readonly packId?: string | undefined;
  /** The reader's wish; undefined: the best that works. */
  readonly backend?: Backend | undefined;
  readonly onEvent?: ((event: ClientEvent) => void) | undefined;
  /** How long a worker with a call pending may be silent before it counts as lost. */
  readonly silenceMs?: number | undefined;
  readonly locks?: Pick<LockManager, 'request'> | undefined;
}

export interface ScoreOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onStage?: ((stage: JobStage) => void) | undefined;
}

export interface WorkerClient {
  /** Starts the engine, or joins its start. @throws AppError of the pack, the download or the machine. */
  start(): Promise<EngineState>;
  /** Scores one film after those asked for before it. @throws AppError `ABORTED` at once when the signal fires. */
  score(file: Blob, options?: ScoreOptions): Promise<ScoredFilm>;
  /**
   * Scores a prepared film after those that the engine has already; several may be asked for at once, so that it need not wait
   * for the page between two.
   *
   * @param pack the hash of the pack it was prepared for. @throws AppError `ABORTED` also if another pack is in use.
   */
  scoreReady(film: ScorableFilm, pack: string, signal?: AbortSignal): Promise<ScoreResult>;
  /** Changes the wish and restarts the engine with it; a job under way is done again there. Set-aside backends get another chance. */
  use(backend: Backend | undefined): Promise<EngineState>;
  /** Scores with other class words; undefined: the pack's own. @throws AppError `TEXT_TOO_LONG` and others; the words in use stay then. */
  setWords(classes: readonly [string, string] | undefined): Promise<EngineState>;
  /** Takes a pack of the library, or the page's own, and restarts the engine with it; if that fails, with the pack in use before. */
  usePack(packId: string | undefined): Promise<EngineState>;
  subscribe(listener: (event: ClientEvent) => void): () => void;
  /** The requests that the worker of this moment has made; none if there is none. */
  requests(): Promise<readonly RequestFact[]>;
  dispose(): void;
}

/** One life of the engine: a worker and what its `start` gave. */
interface Life {
  readonly connection: Connection;
  readonly engine: Promise<EngineState>;
  /** Events come through a port of their own, and may arrive after the answer that they led to: then they are old news. */
  started: boolean;
  /** Ended by us, to change the backend: not the machine's failure. */
  replaced: boolean;
  /** The backend under trial while starting: if the worker dies, that is the one to blame. */
  trying: Backend | undefined;
}

// A wasm engine answers nothing while it compiles or infers: the largest models take most of a minute.
const SILENCE_MS = 120_000;
// Two on the first backend, one on each of the two others.
const MOST_FAILURES = 4;

/** The engine's worker, in a thread of its own. */
export function createEngineWorker(): WorkerLike {
  return new Worker(new URL('./main.worker.ts', import.meta.url), { type: 'module', name: 'engine' });
}

/** The page's side of the worker: restarts it when it is lost, retries once, then takes the next backend. */
export function createWorkerClient(options: WorkerClientOptions): WorkerClient {
  return new Client(options);
}

class Client implements WorkerClient {
  readonly #options: WorkerClientOptions;
  readonly #listeners = new Set<(event: ClientEvent) => void>();
  readonly #stages = new Map<number, (stage: JobStage) => void>();
  #wish: Backend | undefined;
  #setAside: readonly BackendFailure[] = [];
  /** The library's packs to be tried, one after the other, before the page's own. */
  #packs: readonly string[] = [];
  #life: Life | undefined;
  /** Words in place of the pack's own: said again to every new worker. */
  #words: readonly [string, string] | undefined;
  #lastJob: Promise<unknown> = Promise.resolve();
  #jobs = 0;
  #disposed = false;

  constructor(options: WorkerClientOptions) {
    this.#options = options;
    this.#wish = options.backend;
    if (options.packId !== undefined) this.#packs = [options.packId];
    if (options.onEvent) this.#listeners.add(options.onEvent);
  }

  async start(): Promise<EngineState> {
    for (;;) {
      const life = this.#liveEngine();
      try {
        return await life.engine;
      } catch (thrown) {
        if (!life.replaced || this.#disposed) throw thrown;
      }
    }
  }

  use(backend: Backend | undefined): Promise<EngineState> {
    this.#wish = backend;
    this.#setAside = [];
    this.#end(true);
    return this.start();
  }

  async setWords(classes: readonly [string, string] | undefined): Promise<EngineState> {
    await this.start();
    const life = this.#liveEngine();
    const jobId = ++this.#jobs;
    const engine = await life.connection.call((api) => api.setWords({ jobId, classes }));
    if (this.#life === life) {
      this.#words = classes;
      this.#emit({ kind: 'engine-ready', engine, packId: this.#packs[0] });
    }
    return engine;
  }

  usePack(packId: string | undefined): Promise<EngineState> {
    const [before] = this.#packs;
    this.#words = undefined;
    this.#packs = packId === undefined ? [] : [...new Set([packId, ...(before === undefined ? [] : [before])])];
    this.#setAside = [];
    this.#end(true);
    return this.start();
  }

  subscribe(listener: (event: ClientEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async requests(): Promise<readonly RequestFact[]> {
    const { connection } = this.#life ?? {};
    if (!connection?.alive) return [];
    // A worker that is lost meanwhile takes its record with it.
    return connection.call(async (api) => ({ ok: true, value: await api.requests() })).catch(() => []);
  }

  dispose(): void {
    this.#disposed = true;
    this.#end(false);
    this.#listeners.clear();
  }

  score(file: Blob, { signal, onStage }: ScoreOptions = {}): Promise<ScoredFilm> {
    const jobId = ++this.#jobs;
    if (onStage) this.#stages.set(jobId, onStage);
    const turn = this.#lastJob.then(() => this.#runJob((api) => api.score({ jobId, file }), signal));
    const done = turn.finally(() => this.#stages.delete(jobId));
    this.#lastJob = done.catch(() => undefined);
    return abortable(done, signal, () => {
      this.#stages.delete(jobId);
      this.#cancel(jobId);
    });
  }

  scoreReady(film: ScorableFilm, pack: string, signal?: AbortSignal): Promise<ScoreResult> {
    const jobId = ++this.#jobs;
    const done = this.#runJob((api) => api.scoreReady({ jobId, film, pack }), signal);
    return abortable(done, signal, () => this.#cancel(jobId));
  }

  #cancel(jobId: number): void {
    // A worker that cannot be told is a worker that has nothing left to cancel.
    this.#life?.connection.api.cancel(jobId).catch(() => undefined);
  }

  /** Has one film scored, through at most two lives on the first backend and one on each that follows. */
  async #runJob<T>(ask: (api: Remote<Served>) => Promise<Outcome<T>>, signal: AbortSignal | undefined): Promise<T> {
    const setAsideBefore = this.#setAside;
    let first: AppError | undefined;
    for (let failures = 0; ;) {
      throwIfAborted(signal);
      const life = this.#liveEngine();
      let backend: Backend;
      try {
        ({ backend } = await life.engine);
      } catch (thrown) {
        if (life.replaced) continue;
        throw first ? this.#giveUp(first, setAsideBefore) : thrown;
      }
      try {
        return await life.connection.call(ask);
      } catch (thrown) {
        const error = toAppError(thrown);
        if (!isMachineFailure(error) || this.#disposed) throw error;
        if (life.replaced) continue;
        first ??= error;
        if (++failures >= MOST_FAILURES) throw this.#giveUp(first, setAsideBefore);
        // Of the jobs that one life takes with it, the first to hear of it sees to the next.
        if (this.#life !== life) continue;
        if (failures >= 2) this.#setAside = [...this.#setAside, { backend, reason: error.message }];
        this.#end(false);
      }
    }
  }

  /** The job took every backend with it: they are not to blame, and the next job finds them all again. */
  #giveUp(error: AppError, setAside: readonly BackendFailure[]): AppError {
    this.#setAside = setAside;
    this.#end(true);
    this.start().catch(() => undefined);
    return error;
  }

  #liveEngine(): Life {
    if (this.#disposed) throw new AppError('WORKER_LOST', 'The engine was shut down.');
    if (this.#life?.connection.alive) return this.#life;
    this.#emit({ kind: 'engine-starting' });
    const life = this.#begin();
    this.#life = life;
    life.engine.then(
      (engine) => {
        life.started = true;
        if (this.#life === life) this.#emit({ kind: 'engine-ready', engine, packId: this.#packs[0] });
      },
      (thrown: unknown) => {
        if (this.#life !== life || life.replaced) return;
        this.#emit({ kind: 'engine-failed', error: toErrorValue(thrown) });
        // The next job, or the reader's "try again", starts a new worker.
        this.#end(false);
      },
    );
    return life;
  }

  /** A life whose start survives lost workers: the same backend once more, then without it. */
  #begin(): Life {
    const { createWorker, silenceMs = SILENCE_MS, locks } = this.#options;
    const open = (): Connection => new Connection(createWorker(), { silenceMs, locks });
    let connection = open();
    const launch = async (): Promise<EngineState> => {
      const losses = new Map<Backend | undefined, number>();
      for (;;) {
        try {
          return await connection.call((api) =>
            api.start(
              this.#request(),
              callback((event: WorkerEvent) => this.#hear(life, event)),
            ),
          );
        } catch (thrown) {
          const error = toAppError(thrown);
          if (life.replaced || this.#disposed) throw error;
          const count = (losses.get(life.trying) ?? 0) + 1;
          losses.set(life.trying, count);
          if (!isMachineFailure(error) || (count >= 2 && life.trying === undefined)) {
            if (!this.#refusePack(error)) throw error;
            losses.clear();
          } else if (count >= 2 && life.trying !== undefined)
            this.#setAside = [...this.#setAside, { backend: life.trying, reason: error.message }];
          connection.close();
          connection = open();
          life.trying = undefined;
        }
      }
    };
    const life: Life = {
      get connection() {
        return connection;
      },
      // Started a turn later, so that `life` exists when the first event comes.
      engine: Promise.resolve().then(launch),
      started: false,
      replaced: false,
      trying: undefined,
    };
    return life;
  }

  /** Goes on with the next pack. @returns false if the one that failed was the last: the page's own. */
  #refusePack(error: AppError): boolean {
    const [packId, ...others] = this.#packs;
    if (packId === undefined) return false;
    this.#packs = others;
    this.#words = undefined;
    this.#setAside = [];
    this.#emit({ kind: 'pack-refused', packId, error: toErrorValue(error) });
    return true;
  }

  #request(): StartRequest {
    const { assetsUrl } = this.#options;
    const [packId] = this.#packs;
    const packUrl = packId === undefined ? this.#options.packUrl : LIBRARY_SCHEME + packId;
    const wishFailed = this.#setAside.some(({ backend }) => backend === this.#wish);
    return { packUrl, assetsUrl, backend: wishFailed ? undefined : this.#wish, setAside: this.#setAside, classes: this.#words };
  }

  #end(replaced: boolean): void {
    const life = this.#life;
    if (!life) return;
    life.replaced ||= replaced;
    life.connection.close();
    this.#life = undefined;
  }

  #hear(life: Life, event: WorkerEvent): void {
    if (this.#life !== life) return;
    if (event.kind === 'job-stage') {
      this.#stages.get(event.jobId)?.(event.stage);
      return;
    }
    if (life.started) return;
    if (event.kind === 'backend-trying') life.trying = event.backend;
    this.#emit(event);
  }

  #emit(event: ClientEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

/** Failures of the machine, not of the film or the pack: worth a new worker. */
function isMachineFailure({ code }: AppError): boolean {
  return code === 'WORKER_LOST' || code === 'DEVICE_LOST' || code === 'OUT_OF_MEMORY';
}

/** `promise`, rejected `ABORTED` as soon as the signal fires; `onAbort` is called then. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined, onAbort: () => void): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      onAbort();
      reject(new AppError('ABORTED', 'Stopped.'));
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
