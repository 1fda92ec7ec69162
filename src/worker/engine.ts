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
  WordsRequest,
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
  /** Where a pack's files come from, and where they are kept; a pack that lies on this machine is kept nowhere else. */
  open(packUrl: string): Promise<{ readonly source: PackSource; readonly store: PackStore | undefined }>;
  /** CLIP's merges: fetched when words are to be read. */
  merges(assetsUrl: string): Promise<string>;
  /** Runtimes in the order to try. */
  runtimes(request: StartRequest): readonly Runtime[];
}

/** A model in use, and what it came from. */
interface Opened {
  /** With the pack's own words. */
  readonly own: Model;
  /** With the words in use, over the same session. */
  readonly model: Model;
  readonly state: EngineState;
  readonly source: PackSource;
  readonly store: PackStore | undefined;
  readonly runtime: Runtime;
  readonly assetsUrl: string;
}

/** The page shows a stage after 150 ms. */
const WORTH_TELLING_MS = 150;

/** The worker's side of `WorkerApi`. */
export class Engine implements WorkerApi {
  private opened: Opened | undefined;
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
        const model = this.opened?.model;
        if (!model) throw new AppError('BACKEND_UNAVAILABLE', 'The engine has not started.');
        if (model.pack.identity.sha256 !== pack) throw new AppError('ABORTED', 'The film was prepared for another model.');
        return scorePrepared(model, film, this.edges.app, signal);
      }),
    );
  }

  setWords({ jobId, classes }: WordsRequest) {
    return outcomeOf(() => this.jobs.run(jobId, () => this.readWords(classes)));
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
    const { source, store } = await this.edges.open(request.packUrl);
    const pack = await loadPack(source, store, {
      onProgress: ({ loaded, total }) => onEvent({ kind: 'pack-bytes', loaded, total }),
    });
    const { model, setAside } = await this.choose(pack, reachable, reachable.length < runtimes.length);
    const before = this.opened?.own;
    const state = {
      backend: model.backend,
      setAside: [...request.setAside, ...setAside],
      manifest: pack.manifest,
      pack: pack.identity,
      threads: model.backend === 'wasm' ? this.edges.threads : 1,
    };
    const runtime = reachable.find(({ backend }) => backend === model.backend)!;
    this.opened = { own: model, model, state, source, store, runtime, assetsUrl: request.assetsUrl };
    await before?.release();
    return request.classes ? this.readWords(request.classes) : state;
  }

  /** Has the model score with other class words. The code for it comes when it is asked for, as the tokenizer does. */
  private async readWords(classes: WordsRequest['classes']): Promise<EngineState> {
    if (!this.opened) throw new AppError('BACKEND_UNAVAILABLE', 'The engine has not started.');
    const { own, state, source, store, runtime, assetsUrl } = this.opened;
    const { manifest } = own.pack;
    let model = own;
    if (classes && classes.join('\n') !== manifest.classes.join('\n')) {
      const { computeTextFeatures } = await import('../engine/reword.js');
      const ports = { source, store, runtime, merges: () => this.edges.merges(assetsUrl) };
      model = own.reword(classes, await computeTextFeatures(own.pack, classes, ports));
    }
    const now = { ...state, manifest: { ...manifest, classes: [...(classes ?? manifest.classes)] as [string, string] } };
    this.opened = { ...this.opened, model, state: now };
    return now;
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
    const model = this.opened?.model;
    if (!model) throw new AppError('BACKEND_UNAVAILABLE', 'The engine has not started.');
    stage('reading');
    const bytes = await readBlob(file);
    stage('decoding');
    const prepared = await prepareFilm(bytes, this.edges.codecs, model.pack.manifest, signal);
    // Telling the page makes it draw, on the cores that the model is about to need: only worth it if there is time to read it.
    if (this.lastInference > WORTH_TELLING_MS) stage('scoring');
    const result = await scorePrepared(model, prepared, this.edges.app, signal);
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
