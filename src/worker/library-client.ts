import { AppError } from '../core/errors.js';
import type { RequestFact } from '../core/request-fact.js';
import type { Outcome, PackEvaluation } from '../core/result.js';
import type { Remote } from 'comlink';
import { Connection, type WorkerLike } from './connection.js';
import type { FileJob, ImportOptions, JobProgress, LibraryApi, NamedFile } from './library-api.js';
import { callback, type Served } from './rpc.js';

type Value<K extends keyof LibraryApi> = Awaited<ReturnType<LibraryApi[K]>> extends Outcome<infer T> ? T : never;

export interface LibraryJobOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: JobProgress) => void) | undefined;
}

/** The page's side of the library: the worker's functions as promises that are rejected with an `AppError`. */
export interface LibraryClient {
  list(): Promise<Value<'list'>>;
  rename(id: string, label: string): Promise<void>;
  evaluated(id: string, evaluation: PackEvaluation | undefined): Promise<void>;
  delete(id: string): Promise<void>;
  restore(id: string): Promise<void>;
  erase(id: string): Promise<void>;
  inspect(file: NamedFile): Promise<Value<'inspect'>>;
  import(file: NamedFile, options: ImportOptions, job?: LibraryJobOptions): Promise<Value<'import'>>;
  install(file: NamedFile, job?: LibraryJobOptions): Promise<Value<'install'>>;
  export(id: string, job?: LibraryJobOptions): Promise<Blob>;
  readCard(id: string): Promise<string | undefined>;
  /** The requests that its workers have made. */
  requests(): Promise<readonly RequestFact[]>;
}

export interface LibraryClientOptions {
  readonly createWorker: () => WorkerLike;
  readonly assetsUrl: string;
  readonly locks?: Pick<LockManager, 'request'> | undefined;
  /** Asks the browser to keep what the page stores; asked before something large is. */
  readonly persist?: (() => Promise<unknown>) | undefined;
}

// An import that computes its golden vector answers nothing meanwhile.
const SILENCE_MS = 120_000;
/** The worker goes when nothing was asked of it for so long: an import's memory goes with it. */
const IDLE_MS = 2_000;
/** A job that was stopped and does not end by itself is ended with its worker; what it wrote is removed at the next look. */
const STOP_MS = 5_000;

/** The library's worker, in a thread of its own. */
export function createLibraryWorker(): WorkerLike {
  return new Worker(new URL('./library.worker.ts', import.meta.url), { type: 'module', name: 'library' });
}

export function createLibraryClient(options: LibraryClientOptions): LibraryClient {
  return new Client(options);
}

type Ask<T> = (api: Remote<Served<LibraryApi>>) => Promise<Outcome<T>>;

class Client implements LibraryClient {
  #connection: Connection<LibraryApi> | undefined;
  #pending = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #jobs = 0;
  /** Requests of workers that are gone. */
  #made: readonly RequestFact[] = [];

  constructor(private readonly options: LibraryClientOptions) {}

  list = () => this.#call((api) => api.list());
  rename = (id: string, label: string) => this.#call((api) => api.rename(id, label));
  evaluated = (id: string, evaluation: PackEvaluation | undefined) => this.#call((api) => api.evaluated(id, evaluation));
  delete = (id: string) => this.#call((api) => api.delete(id));
  restore = (id: string) => this.#call((api) => api.restore(id));
  erase = (id: string) => this.#call((api) => api.erase(id));
  readCard = (id: string) => this.#call((api) => api.readCard(id));
  inspect = (file: NamedFile) => this.#call((api) => api.inspect(this.#job(file)));

  import(file: NamedFile, options: ImportOptions, job: LibraryJobOptions = {}): Promise<Value<'import'>> {
    this.#persist();
    return this.#run(this.#job(file), job, (api, request, onProgress) => api.import(request, options, onProgress));
  }

  install(file: NamedFile, job: LibraryJobOptions = {}): Promise<Value<'install'>> {
    this.#persist();
    return this.#run(this.#job(file), job, (api, request, onProgress) => api.install(request, onProgress));
  }

  export(id: string, job: LibraryJobOptions = {}): Promise<Blob> {
    return this.#run({ jobId: ++this.#jobs, id }, job, (api, request, onProgress) => api.export(request, onProgress));
  }

  #job({ name, file }: NamedFile): FileJob {
    return { jobId: ++this.#jobs, name, file, assetsUrl: this.options.assetsUrl };
  }

  /** Not waited for: a browser that asks its user, or refuses, stores all the same, until the disk runs full. */
  #persist(): void {
    this.options.persist?.().catch(() => undefined);
  }

  async #run<R extends { readonly jobId: number }, T>(
    request: R,
    { signal, onProgress }: LibraryJobOptions,
    ask: (api: Remote<Served<LibraryApi>>, request: R, onProgress: (progress: JobProgress) => void) => Promise<Outcome<T>>,
  ): Promise<T> {
    const connection = this.#open();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = (): void => {
      connection.api.cancel(request.jobId).catch(() => undefined);
      timer = setTimeout(() => connection.close(new AppError('ABORTED', 'Stopped.')), STOP_MS);
    };
    if (signal?.aborted) throw new AppError('ABORTED', 'Stopped.');
    signal?.addEventListener('abort', stop, { once: true });
    try {
      return await this.#call((api) =>
        ask(
          api,
          request,
          callback((progress: JobProgress) => onProgress?.(progress)),
        ),
      );
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    }
  }

  async #call<T>(ask: Ask<T>): Promise<T> {
    const connection = this.#open();
    this.#pending += 1;
    clearTimeout(this.#idle);
    try {
      return await connection.call(ask);
    } finally {
      this.#pending -= 1;
      if (this.#pending === 0) this.#idle = setTimeout(() => void this.#rest(), IDLE_MS);
    }
  }

  async requests(): Promise<readonly RequestFact[]> {
    return [...this.#made, ...(await this.#ofWorker())];
  }

  async #ofWorker(): Promise<readonly RequestFact[]> {
    const connection = this.#connection;
    if (!connection?.alive) return [];
    return connection.call(async (api) => ({ ok: true, value: await api.requests() })).catch(() => []);
  }

  /** Lets the worker go, unless it was asked something meanwhile. */
  async #rest(): Promise<void> {
    const connection = this.#connection;
    const made = await this.#ofWorker();
    if (this.#pending > 0 || !connection?.alive) return;
    this.#made = [...this.#made, ...made];
    connection.close();
  }

  #open(): Connection<LibraryApi> {
    if (this.#connection?.alive) return this.#connection;
    const { createWorker, locks } = this.options;
    this.#connection = new Connection<LibraryApi>(createWorker(), { silenceMs: SILENCE_MS, locks });
    return this.#connection;
  }
}
