import type { Remote } from 'comlink';
import type { FilmArchive } from '../core/archive/film-archive.js';
import { AppError, throwIfAborted, toAppError } from '../core/errors.js';
import type { GreyFilm } from '../core/film/grey-film.js';
import type { RequestFact } from '../core/request-fact.js';
import type { Outcome } from '../core/result.js';
import { Connection, type WorkerLike } from './connection.js';
import type { DecodedFilm, DecoderApi, FilmSource } from './decoder-api.js';
import { ReadAhead } from './read-ahead.js';
import type { Served } from './rpc.js';

export interface Decoders {
  /** How many films are decoded at a time. */
  readonly count: number;
  /** @throws AppError as `decodeFilm` and `unpackFilm` do; `ABORTED`, `WORKER_LOST`. */
  prepare(source: FilmSource, steps: readonly number[], options?: PrepareOptions): Promise<DecodedFilm>;
  /** Decodes for drawing, before all that waits. */
  decode(source: FilmSource, signal?: AbortSignal): Promise<GreyFilm>;
  /** @throws AppError as `listFilmArchive` does. */
  list(archive: Blob): Promise<FilmArchive>;
  /** The film as a file, unpacked only if it lies in an archive. */
  open(source: FilmSource, signal?: AbortSignal): Promise<Blob>;
  /** The requests that decoders have made, those of decoders ended since included. */
  requests(): Promise<readonly RequestFact[]>;
  dispose(): void;
}

export interface PrepareOptions {
  readonly signal?: AbortSignal | undefined;
  /** What will be asked for after it, in this order: small files are read together. */
  readonly following?: (() => Iterable<FilmSource>) | undefined;
}

export interface DecoderOptions {
  readonly createWorker: () => WorkerLike;
  readonly count: number;
  readonly locks?: Pick<LockManager, 'request'> | undefined;
  /** Workers with nothing to do for so long are ended: what decoders hold is not small. */
  readonly idleMs?: number | undefined;
}

interface Task {
  readonly run: (connection: Connection<DecoderApi>) => Promise<void>;
  readonly refuse: (error: AppError) => void;
  readonly signal: AbortSignal | undefined;
}

// The largest film there may be takes seconds.
const SILENCE_MS = 60_000;
const IDLE_MS = 20_000;

/** A decoding worker. */
export function createDecoderWorker(): WorkerLike {
  return new Worker(new URL('./decoder.worker.ts', import.meta.url), { type: 'module', name: 'decoder' });
}

/** Enough to keep up with an engine of the other cores; each holds a film while it decodes it. */
export function decoderCount(cores: number): number {
  return Math.min(4, Math.max(1, Math.floor(cores / 2)));
}

/** Workers that decode films beside the engine, started when there is something to decode. */
export function createDecoders(options: DecoderOptions): Decoders {
  return new Pool(options);
}

class Pool implements Decoders {
  readonly count: number;
  readonly #options: DecoderOptions;
  readonly #waiting: Task[] = [];
  readonly #idle: Connection<DecoderApi>[] = [];
  /** All that live, idle or not. */
  readonly #live = new Set<Connection<DecoderApi>>();
  readonly #past: RequestFact[] = [];
  readonly #ahead = new ReadAhead();
  #busy = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #disposed = false;

  constructor(options: DecoderOptions) {
    this.#options = options;
    this.count = options.count;
  }

  async prepare(source: FilmSource, steps: readonly number[], { signal, following }: PrepareOptions = {}): Promise<DecodedFilm> {
    const given = following ? await this.#ahead.take(source, following) : source;
    return this.#ask((api) => api.prepare(given, steps), { signal });
  }

  decode(source: FilmSource, signal?: AbortSignal): Promise<GreyFilm> {
    return this.#ask((api) => api.decode(source), { signal, first: true });
  }

  list(archive: Blob): Promise<FilmArchive> {
    return this.#ask((api) => api.list(archive), { first: true });
  }

  open(source: FilmSource, signal?: AbortSignal): Promise<Blob> {
    if (source instanceof Blob) return Promise.resolve(source);
    return this.#ask((api) => api.unpack(source), { signal, first: true });
  }

  async requests(): Promise<readonly RequestFact[]> {
    const asked = [...this.#live].map(({ api }) => api.requests().catch(() => []));
    return [...this.#past, ...(await Promise.all(asked)).flat()];
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    for (const connection of this.#live) this.#close(connection);
    for (const task of this.#waiting.splice(0)) task.refuse(new AppError('WORKER_LOST', 'The decoders were shut down.'));
  }

  #ask<T>(
    ask: (api: Remote<Served<DecoderApi>>) => Promise<Outcome<T>>,
    { signal, first = false }: { readonly signal?: AbortSignal | undefined; readonly first?: boolean },
  ): Promise<T> {
    if (this.#disposed) return Promise.reject(new AppError('WORKER_LOST', 'The decoders were shut down.'));
    return new Promise<T>((resolve, reject) => {
      const run = async (connection: Connection<DecoderApi>): Promise<void> => resolve(await connection.call(ask));
      const task: Task = { run, refuse: reject, signal };
      if (first) this.#waiting.unshift(task);
      else this.#waiting.push(task);
      this.#serve();
    });
  }

  #serve(): void {
    clearTimeout(this.#timer);
    while (this.#busy < this.count) {
      const task = this.#waiting.shift();
      if (!task) break;
      this.#busy++;
      void this.#work(task).then(() => {
        this.#busy--;
        this.#serve();
      });
    }
    if (this.#busy === 0) this.#timer = setTimeout(() => this.#rest(), this.#options.idleMs ?? IDLE_MS);
  }

  /** Does a task on a worker; one that takes its worker with it is tried once more on another. */
  async #work(task: Task): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        throwIfAborted(task.signal);
        const connection = this.#idle.pop() ?? this.#open();
        try {
          await task.run(connection);
        } finally {
          if (connection.alive && !this.#disposed) this.#idle.push(connection);
          else this.#close(connection);
        }
        return;
      } catch (thrown) {
        const error = toAppError(thrown);
        if (error.code === 'WORKER_LOST' && tries < 2 && !this.#disposed) continue;
        task.refuse(error);
        return;
      }
    }
  }

  #open(): Connection<DecoderApi> {
    const { createWorker, locks } = this.#options;
    const connection = new Connection<DecoderApi>(createWorker(), { silenceMs: SILENCE_MS, locks });
    this.#live.add(connection);
    return connection;
  }

  #close(connection: Connection<DecoderApi>): void {
    this.#live.delete(connection);
    connection.close();
  }

  #rest(): void {
    this.#ahead.clear();
    for (const connection of this.#idle.splice(0))
      void connection.api
        .requests()
        .then((made) => void this.#past.push(...made))
        .catch(() => undefined)
        .finally(() => this.#close(connection));
  }
}
