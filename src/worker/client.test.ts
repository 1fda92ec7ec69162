import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../core/errors.js';
import type { Backend, ScoreResult } from '../core/result.js';
import type {
  EngineState,
  ScoredFilm,
  ScoreReadyRequest,
  ScoreRequest,
  StartRequest,
  WordsRequest,
  WorkerApi,
  WorkerEvent,
} from './api.js';
import { createWorkerClient, type ClientEvent, type WorkerClient } from './client.js';
import { outcomeOf } from './rpc.js';
import type { ScorableFilm } from '../engine/score.js';
import { FakeWorker } from './testing/fake-worker.js';

type Listener = (event: WorkerEvent) => void;
interface Script {
  start?: (request: StartRequest, onEvent: Listener, life: number) => Promise<EngineState>;
  score?: (request: ScoreRequest, onEvent: Listener, life: number) => Promise<ScoredFilm>;
  scoreReady?: (request: ScoreReadyRequest, life: number) => Promise<ScoreResult>;
  setWords?: (request: WordsRequest) => Promise<EngineState>;
  cancel?: (jobId: number) => void;
}

const ORDER: readonly Backend[] = ['webgpu', 'wasm', 'wasm-single'];
const never = new Promise<never>(() => undefined);

function engineOn(request: StartRequest): EngineState {
  const backend = request.backend ?? ORDER.find((one) => request.setAside.every((failure) => failure.backend !== one));
  if (!backend) throw new AppError('BACKEND_UNAVAILABLE', 'No backend is left.');
  return { backend, setAside: request.setAside, threads: 1 } as unknown as EngineState;
}

function filmOf(request: ScoreRequest): ScoredFilm {
  return { pixels: new Uint8Array([request.jobId, 7]), result: { score: request.file.size } } as unknown as ScoredFilm;
}

let client: WorkerClient | undefined;
afterEach(() => {
  client?.dispose();
  vi.unstubAllGlobals();
});

function setUp(script: Script, more: Partial<Parameters<typeof createWorkerClient>[0]> = {}) {
  const workers: FakeWorker[] = [];
  const starts: StartRequest[] = [];
  const events: ClientEvent[] = [];
  client = createWorkerClient({
    createWorker: () => {
      const life = workers.length;
      let hear: Listener = () => undefined;
      const api: WorkerApi = {
        start: (request, onEvent) => {
          starts.push(request);
          hear = onEvent;
          return outcomeOf(async () => (script.start ? await script.start(request, onEvent, life) : engineOn(request)));
        },
        score: (request) => outcomeOf(async () => (script.score ? await script.score(request, hear, life) : filmOf(request))),
        scoreReady: (request) => outcomeOf(() => (script.scoreReady ?? (() => never))(request, life)),
        setWords: (request) =>
          outcomeOf(() => (script.setWords ? script.setWords(request) : Promise.reject(new Error('unused')))),
        cancel: (jobId) => Promise.resolve(script.cancel?.(jobId)),
      };
      const worker = new FakeWorker(api);
      workers.push(worker);
      return worker;
    },
    assetsUrl: 'http://127.0.0.1/assets/',
    packUrl: 'http://127.0.0.1/models/default/',
    onEvent: (event) => events.push(event),
    ...more,
  });
  return { client, workers, starts, events };
}

/** As much of the Web Locks as the lifeline uses; `releaseAll` is the death of the holders. */
class FakeLocks {
  readonly #held = new Map<string, (() => void)[]>();

  request = async (name: string, ...rest: unknown[]): Promise<unknown> => {
    const granted = rest.at(-1) as () => unknown;
    const queue = this.#held.get(name);
    if (queue) await new Promise<void>((resolve) => queue.push(resolve));
    else this.#held.set(name, []);
    return granted();
  };

  waiting(): number {
    return [...this.#held.values()].flat().length;
  }

  releaseAll(): void {
    const resolvers = [...this.#held.values()].flat();
    this.#held.clear();
    for (const resolve of resolvers) resolve();
  }
}

const film = (size: number): Blob => new Blob([new Uint8Array(size)]);

describe('worker client', () => {
  it('starts once, scores, and hands on events and stages', async () => {
    const { client, workers, events } = setUp({
      start: async (request, onEvent) => {
        onEvent({ kind: 'pack-bytes', loaded: 1, total: 2 });
        return engineOn(request);
      },
      score: async (request, onEvent) => {
        onEvent({ kind: 'job-stage', jobId: request.jobId, stage: 'decoding' });
        return filmOf(request);
      },
    });
    const [engine] = await Promise.all([client.start(), client.start()]);
    const stages: string[] = [];
    const scored = await client.score(film(3), { onStage: (stage) => stages.push(stage) });
    expect(engine.backend).toBe('webgpu');
    expect(scored.result.score).toBe(3);
    expect([...scored.pixels]).toEqual([1, 7]);
    expect(stages).toEqual(['decoding']);
    expect(workers).toHaveLength(1);
    expect(events.map(({ kind }) => kind)).toEqual(['engine-starting', 'pack-bytes', 'engine-ready']);
  });

  it('events of the start that come after its answer are old news', async () => {
    let late: Listener = () => undefined;
    const { client, events } = setUp({
      start: async (request, onEvent) => {
        late = onEvent;
        return engineOn(request);
      },
    });
    await client.start();
    late({ kind: 'backend-trying', backend: 'wasm' });
    late({ kind: 'pack-bytes', loaded: 2, total: 2 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(events.map(({ kind }) => kind)).toEqual(['engine-starting', 'engine-ready']);
  });

  it('gives errors back as AppError, with code and detail, and goes on', async () => {
    const { client, workers } = setUp({
      score: async (request) => {
        if (request.file.size === 0) throw new AppError('EMPTY_FILE', 'The file is empty.', { bytes: 0 });
        return filmOf(request);
      },
    });
    const [bad, good] = await Promise.allSettled([client.score(film(0)), client.score(film(5))]);
    expect(bad.status === 'rejected' && bad.reason).toBeInstanceOf(AppError);
    expect(bad).toMatchObject({ reason: { code: 'EMPTY_FILE', detail: { bytes: 0 } } });
    expect(good).toMatchObject({ value: { result: { score: 5 } } });
    expect(workers).toHaveLength(1);
  });

  it('runs jobs one after the other, in order', async () => {
    const order: string[] = [];
    const { client } = setUp({
      score: async (request) => {
        order.push(`begin ${request.file.size}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
        order.push(`end ${request.file.size}`);
        return filmOf(request);
      },
    });
    await Promise.all([client.score(film(1)), client.score(film(2))]);
    expect(order).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2']);
  });

  it('rejects ABORTED at once and tells the worker the job id', async () => {
    const cancelled: number[] = [];
    let letGo: () => void = () => undefined;
    const { client } = setUp({
      score: (request) =>
        request.jobId === 1
          ? new Promise((_, reject) => (letGo = () => reject(new AppError('ABORTED', 'Stopped.'))))
          : Promise.resolve(filmOf(request)),
      cancel: (jobId) => {
        cancelled.push(jobId);
        letGo();
      },
    });
    await client.start();
    const controller = new AbortController();
    const first = client.score(film(1), { signal: controller.signal });
    await new Promise((resolve) => setTimeout(resolve, 10));
    controller.abort();
    await expect(first).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(client.score(film(2))).resolves.toMatchObject({ result: { score: 2 } });
    expect(cancelled).toEqual([1]);
  });

  it('never sends a job that was cancelled while it waited', async () => {
    const sizes: number[] = [];
    const { client } = setUp({ score: async (request) => (sizes.push(request.file.size), filmOf(request)) });
    const controller = new AbortController();
    const jobs = [client.score(film(1)), client.score(film(2), { signal: controller.signal }), client.score(film(3))];
    controller.abort();
    await Promise.allSettled(jobs);
    expect(sizes).toEqual([1, 3]);
  });
});

describe('a lost worker', () => {
  it('is replaced and the job retried on the same backend', async () => {
    const world = setUp({
      score: async (request, _, life) => {
        if (life > 0) return filmOf(request);
        world.workers[0]?.crash('killed');
        return never;
      },
    });
    await expect(world.client.score(film(4))).resolves.toMatchObject({ result: { score: 4 } });
    expect(world.workers.map(({ terminated }) => terminated)).toEqual([true, false]);
    expect(world.starts[1]?.setAside).toEqual([]);
  });

  it('costs the backend its place when the retry fails too', async () => {
    const { client, starts } = setUp({
      score: async (request, _, life) => {
        if (life < 2) throw new AppError('DEVICE_LOST', 'The GPU went away.');
        return filmOf(request);
      },
    });
    await client.score(film(4));
    expect(starts.map(({ setAside }) => setAside.map(({ backend }) => backend))).toEqual([[], [], ['webgpu']]);
    await expect(client.start()).resolves.toMatchObject({
      backend: 'wasm',
      setAside: [{ backend: 'webgpu', reason: 'The GPU went away.' }],
    });
  });

  it('fails a film that takes every backend with it, and the next film finds them all again', async () => {
    const { client } = setUp({
      score: async (request) => {
        if (request.file.size === 9) throw new AppError('OUT_OF_MEMORY', 'Too much.');
        return filmOf(request);
      },
    });
    await expect(client.score(film(9))).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' });
    await expect(client.score(film(1))).resolves.toMatchObject({ result: { score: 1 } });
    await expect(client.start()).resolves.toMatchObject({ backend: 'webgpu', setAside: [] });
  });

  it('is noticed by its silence', async () => {
    const world = setUp(
      {
        score: async (request, _, life) => {
          if (life > 0) return filmOf(request);
          world.workers[0]?.terminate();
          return never;
        },
      },
      { silenceMs: 60 },
    );
    await expect(world.client.score(film(2))).resolves.toMatchObject({ result: { score: 2 } });
    expect(world.workers).toHaveLength(2);
  });

  it('is noticed by the lock it gives up', async () => {
    const locks = new FakeLocks();
    vi.stubGlobal('navigator', { locks });
    const world = setUp({ score: (request, _, life) => (life > 0 ? Promise.resolve(filmOf(request)) : never) }, { locks });
    const scored = world.client.score(film(2));
    await vi.waitFor(() => expect(locks.waiting()).toBe(1));
    locks.releaseAll();
    await expect(scored).resolves.toMatchObject({ result: { score: 2 } });
    expect(world.workers[0]?.terminated).toBe(true);
  });

  it('while starting is tried again, then its backend is set aside', async () => {
    const world = setUp({
      start: async (request, onEvent, life) => {
        onEvent({ kind: 'backend-trying', backend: life < 2 ? 'webgpu' : 'wasm' });
        await new Promise((resolve) => setTimeout(resolve, 10));
        if (life < 2) world.workers[life]?.crash('GPU process gone');
        return engineOn(request);
      },
    });
    await expect(world.client.start()).resolves.toMatchObject({ backend: 'wasm', setAside: [{ backend: 'webgpu' }] });
    expect(world.workers).toHaveLength(3);
  });

  it('that never starts fails the start and the jobs, and a later try begins anew', async () => {
    let broken = true;
    const world = setUp({
      start: async (request) => {
        if (broken) throw new AppError('DOWNLOAD_FAILED', 'No network.');
        return engineOn(request);
      },
    });
    await expect(world.client.start()).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' });
    await expect(world.client.score(film(1))).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' });
    expect(world.events.at(-1)).toMatchObject({ kind: 'engine-failed', error: { code: 'DOWNLOAD_FAILED' } });
    broken = false;
    await expect(world.client.score(film(1))).resolves.toMatchObject({ result: { score: 1 } });
  });
});

describe('choosing a backend', () => {
  it('restarts the engine with the wish and does the job under way again', async () => {
    const { client, starts } = setUp({ score: (request, _, life) => (life === 0 ? never : Promise.resolve(filmOf(request))) });
    await client.start();
    const scored = client.score(film(6));
    await new Promise((resolve) => setTimeout(resolve, 10));
    await expect(client.use('wasm-single')).resolves.toMatchObject({ backend: 'wasm-single' });
    await expect(scored).resolves.toMatchObject({ result: { score: 6 } });
    expect(starts.map(({ backend }) => backend)).toEqual([undefined, 'wasm-single']);
  });

  it('a life that ends with several prepared films under way is replaced once, and all are scored', async () => {
    const ready = { input: new Uint8Array(1) } as unknown as ScorableFilm;
    const { client, workers } = setUp({
      scoreReady: (_, life) => (life === 0 ? never : Promise.resolve({ score: life } as unknown as ScoreResult)),
    });
    const both = [client.scoreReady(ready, 'pack'), client.scoreReady(ready, 'pack')];
    await client.start();
    workers[0]?.crash('out of luck');
    expect((await Promise.all(both)).map(({ score }) => score)).toEqual([1, 1]);
    expect(workers).toHaveLength(2);
    expect((await client.start()).setAside).toEqual([]);
  });

  it('a prepared film that is no longer wanted is cancelled in the worker', async () => {
    const cancelled: number[] = [];
    const { client } = setUp({ scoreReady: () => never, cancel: (jobId) => cancelled.push(jobId) });
    const stop = new AbortController();
    const done = client.scoreReady({} as unknown as ScorableFilm, 'pack', stop.signal);
    await client.start();
    stop.abort();
    await expect(done).rejects.toMatchObject({ code: 'ABORTED' });
    await vi.waitFor(() => expect(cancelled).toHaveLength(1));
  });
});

describe('choosing a pack', () => {
  const packsOf = (starts: readonly StartRequest[]) => starts.map(({ packUrl }) => packUrl.replace(/^http.*/, 'own'));
  const refuse =
    (...bad: string[]) =>
    (request: StartRequest): Promise<EngineState> =>
      bad.includes(request.packUrl)
        ? Promise.reject(new AppError('PACK_HASH', 'Other bytes.', { file: 'vision.bin' }))
        : Promise.resolve(engineOn(request));

  it('begins with the one chosen before, and restarts with another', async () => {
    const { client, starts, events } = setUp({}, { packId: 'a' });
    await client.start();
    await client.usePack('b');
    await client.usePack(undefined);
    expect(packsOf(starts)).toEqual(['library:a', 'library:b', 'own']);
    expect(events.flatMap((event) => (event.kind === 'engine-ready' ? [event.packId] : []))).toEqual(['a', 'b', undefined]);
  });

  it('falls back to the one in use before if it cannot be used, and says why', async () => {
    const { client, starts, events } = setUp({ start: refuse('library:b') }, { packId: 'a' });
    await client.start();
    await client.usePack('b');
    expect(packsOf(starts)).toEqual(['library:a', 'library:b', 'library:a']);
    expect(events.filter(({ kind }) => kind === 'pack-refused')).toEqual([
      {
        kind: 'pack-refused',
        packId: 'b',
        error: { code: 'PACK_HASH', message: 'Other bytes.', detail: { file: 'vision.bin' } },
      },
    ]);
    expect(events.at(-1)).toMatchObject({ kind: 'engine-ready', packId: 'a' });
  });

  it('ends at the page’s own, and a pack that ends every worker is left too', async () => {
    const world = setUp(
      {
        start: async (request, _, life) => {
          if (!request.packUrl.startsWith('library:')) return engineOn(request);
          await new Promise((resolve) => setTimeout(resolve, 10));
          world.workers[life]?.crash('out of memory');
          return never;
        },
      },
      { packId: 'huge' },
    );
    await expect(world.client.start()).resolves.toMatchObject({ setAside: [] });
    expect(world.events).toContainEqual(expect.objectContaining({ kind: 'pack-refused', packId: 'huge' }));
    expect(world.events.at(-1)).toMatchObject({ kind: 'engine-ready', packId: undefined });
  });
});

describe('words', () => {
  const words = ['clear.', 'fluid.'] as const;

  it('are said again to a new worker, and forgotten with their pack', async () => {
    const { client, starts, events } = setUp({
      setWords: ({ classes }) => Promise.resolve({ manifest: { classes } } as unknown as EngineState),
    });
    await expect(client.setWords(words)).resolves.toMatchObject({ manifest: { classes: words } });
    expect(events.at(-1)).toMatchObject({ kind: 'engine-ready', engine: { manifest: { classes: words } } });
    await client.use('wasm');
    await client.usePack('a');
    expect(starts.map(({ classes }) => classes)).toEqual([undefined, words, undefined]);
  });

  it('that cannot be read change nothing', async () => {
    const { client, starts } = setUp({ setWords: () => Promise.reject(new AppError('TEXT_TOO_LONG', 'Too long.')) });
    await expect(client.setWords(words)).rejects.toMatchObject({ code: 'TEXT_TOO_LONG' });
    await client.use('wasm');
    expect(starts.at(-1)?.classes).toBeUndefined();
  });
});
