import { AppError, toAppError } from '../core/errors.js';
import type { Codecs } from '../core/film/grey-film.js';
import type { Backend } from '../core/result.js';
import { chooseBackend } from '../engine/choose-backend.js';
import { JobQueue } from '../engine/job-queue.js';
import { loadPack, type LoadedPack } from '../engine/load-pack.js';
import type { Model } from '../engine/model.js';
import type { PackSource, PackStore, Runtime } from '../engine/ports.js';
import { prepareFilm, scorePrepared } from '../engine/score.js';
import type {
  BackendFailure,
  EngineState,
  ScoredFilm,
  ScoreReadyRequest,
  ScoreRequest,
  StartRequest,
  WorkerApi,
  WorkerEvent,
} from './api.js';
import { readBlob } from './ports/read-blob.js';
import { outcomeOf } from './rpc.js';

/** What the engine stands on: in the worker the browser, in a test whatever the test brings. */
export interface EngineEdges {
  readonly app: string;
  readonly codecs: Codecs;
  readonly threads: number;
  store(): Promise<PackStore | undefined>;
  source(packUrl: string): PackSource;
  /** Runtimes in the order to try. */
  runtimes(request: StartRequest): readonly Runtime[];
}

/** The page shows a stage after 150 ms. */
const WORTH_TELLING_MS = 150;

/** The worker's side of `WorkerApi`. */
export class Engine implements WorkerApi {
  private model: Model | undefined;
  private onEvent: (event: WorkerEvent) => void = () => undefined;
  private readonly jobs = new JobQueue();
  /** Milliseconds; before the first film nobody knows. */
  private lastInference = Infinity;

  constructor(private readonly edges: EngineEdges) {}

  start(request: StartRequest, onEvent: (event: WorkerEvent) => void) {
    return outcomeOf(() => this.open(request, onEvent));
  }

  score({ jobId, file }: ScoreRequest) {
    return outcomeOf(() => this.jobs.run(jobId, (signal) => this.scoreFile(jobId, file, signal)));
  }

  scoreReady({ jobId, film, pack }: ScoreReadyRequest) {
    return outcomeOf(() =>
      this.jobs.run(jobId, async (signal) => {
        if (!this.model) throw new AppError('BACKEND_UNAVAILABLE', 'The engine has not started.');
        if (this.model.pack.identity.sha256 !== pack) throw new AppError('ABORTED', 'The film was prepared for another model.');
        return scorePrepared(this.model, film, this.edges.app, signal);
      }),
    );
  }

  cancel(jobId: number): Promise<void> {
    this.jobs.cancel(jobId);
    return Promise.resolve();
  }

  private async open(request: StartRequest, onEvent: (event: WorkerEvent) => void): Promise<EngineState> {
    this.onEvent = onEvent;
    const runtimes = this.edges.runtimes(request);
    const reachable = reachableInOneWorker(runtimes);
    void warmFirst(reachable);
    const pack = await loadPack(this.edges.source(request.packUrl), await this.edges.store(), {
      onProgress: ({ loaded, total }) => onEvent({ kind: 'pack-bytes', loaded, total }),
    });
    const { model, setAside } = await this.choose(pack, reachable, reachable.length < runtimes.length);
    const before = this.model;
    this.model = model;
    await before?.release();
    return {
      backend: model.backend,
      setAside: [...request.setAside, ...setAside],
      manifest: pack.manifest,
      pack: pack.identity,
      threads: model.backend === 'wasm' ? this.edges.threads : 1,
    };
  }

  /** @param more there are backends left that another worker could try: this one then gives up as if lost, for the client to start it. */
  private async choose(pack: LoadedPack, reachable: readonly Runtime[], more: boolean) {
    let trying: Backend | undefined;
    const onTrying = (backend: Backend): void => {
      trying = backend;
      this.onEvent({ kind: 'backend-trying', backend });
    };
    try {
      return await chooseBackend(pack, { runtimes: reachable, onTrying });
    } catch (thrown) {
      const error = toAppError(thrown);
      if (trying === 'wasm' && more && error.code !== 'PACK_INVALID')
        throw new AppError('WORKER_LOST', error.message, { backend: 'wasm' }, { cause: thrown });
      throw error;
    }
  }

  private async scoreFile(jobId: number, file: Blob, signal: AbortSignal): Promise<ScoredFilm> {
    const stage = (name: 'reading' | 'decoding' | 'scoring'): void => this.onEvent({ kind: 'job-stage', jobId, stage: name });
    if (!this.model) throw new AppError('BACKEND_UNAVAILABLE', 'The engine has not started.');
    stage('reading');
    const bytes = await readBlob(file);
    stage('decoding');
    const prepared = await prepareFilm(bytes, this.edges.codecs, this.model.pack.manifest, signal);
    // Telling the page makes it draw, on the cores that the model is about to need: only worth it if there is time to read it.
    if (this.lastInference > WORTH_TELLING_MS) stage('scoring');
    const result = await scorePrepared(this.model, prepared, this.edges.app, signal);
    this.lastInference = result.ms.inference;
    return { result, pixels: prepared.film.pixels };
  }
}

/**
 * Runtimes up to threaded WebAssembly: it and the single-thread one cannot follow one another in one worker, since onnxruntime
 * fixes its threads once.
 */
function reachableInOneWorker(runtimes: readonly Runtime[]): readonly Runtime[] {
  const threaded = runtimes.findIndex(({ backend }) => backend === 'wasm');
  return threaded < 0 ? runtimes : runtimes.slice(0, threaded + 1);
}

/** While the pack is on its way: makes the first runtime ready that can be. What fails here is told when it is opened. */
async function warmFirst(runtimes: readonly Runtime[]): Promise<void> {
  for (const runtime of runtimes) {
    try {
      await runtime.warm?.();
      return;
    } catch {
      // The next one, as when they are opened.
    }
  }
}

/**
 * Backends in the order of preference, less those set aside. A wish leaves out those before it; if it fails, the reader sees why
 * and gets the next.
 */
export function backendOrder(
  wish: Backend | undefined,
  setAside: readonly BackendFailure[],
  canThread: boolean,
): readonly Exclude<Backend, 'native'>[] {
  const failed = new Set(setAside.map(({ backend }) => backend));
  const all = ['webgpu', 'wasm', 'wasm-single'] as const;
  const from = all.findIndex((backend) => backend === wish);
  return all.slice(Math.max(0, from)).filter((backend) => !failed.has(backend) && (backend !== 'wasm' || canThread));
}
