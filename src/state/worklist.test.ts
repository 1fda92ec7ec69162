import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../core/errors.js';
import { POSITION_IDS, type ScoreResult } from '../core/result.js';
import type { EngineState, ScoredFilm, ScoreReadyRequest, WorkerApi } from '../worker/api.js';
import { createWorkerClient } from '../worker/client.js';
import { outcomeOf } from '../worker/rpc.js';
import { FakeWorker } from '../worker/testing/fake-worker.js';
import { memoryLibrary } from '../worker/testing/memory-library.js';
import { orderFilms, PLAIN_VIEW } from './list-order.js';
import { createAppStore, type AppStore } from './store.js';
import { fakeDecoders } from './testing/fake-decoders.js';
import { Thumbnails } from './thumbnails.js';

const ENGINE = {
  backend: 'wasm',
  setAside: [],
  threads: 2,
  manifest: { classes: ['a', 'b'], preprocessing: { steps: [8] } },
  pack: { sha256: 'f00' },
} as unknown as EngineState;
const file = (size: number, name = `${size}.png`): File => new File([new Uint8Array(size)], name);
const incoming = (...sizes: number[]) => sizes.map((size) => ({ path: `${size}.png`, file: file(size) }));

/** A film's score is its size in hundredths; `held` keeps answers back until they are let go. */
function setUp({ scoreReady }: { scoreReady?: (request: ScoreReadyRequest) => Promise<ScoreResult> } = {}) {
  const resultFor = (size: number): ScoreResult =>
    ({
      score: size / 100,
      aboveThreshold: size > 50,
      positions: POSITION_IDS.map((id, i) => ({ id, probability: (size * (i + 1)) / 500 })),
      film: { width: 2, height: 2 },
      pack: { sha256: 'f00' },
    }) as unknown as ScoreResult;
  const api: WorkerApi = {
    start: () => outcomeOf(() => Promise.resolve(ENGINE)),
    score: ({ file: { size } }) =>
      outcomeOf(() => Promise.resolve({ pixels: new Uint8Array(4), result: resultFor(size) } satisfies ScoredFilm)),
    scoreReady: (request) => outcomeOf(() => scoreReady?.(request) ?? Promise.resolve(resultFor(request.film.input[0] ?? 0))),
    setWords: ({ classes }) =>
      outcomeOf(() =>
        Promise.resolve({ ...ENGINE, manifest: { ...ENGINE.manifest, ...(classes && { classes: [...classes] }) } }),
      ),
    cancel: () => Promise.resolve(),
  };
  const decoded: number[] = [];
  const decoders = fakeDecoders(decoded);
  const client = createWorkerClient({ createWorker: () => new FakeWorker(api), assetsUrl: '', packUrl: '' });
  const thumbnails = new Thumbnails(decoders);
  const store = createAppStore(
    { client, decoders, thumbnails },
    {
      settings: { language: 'en', theme: 'system', backend: undefined },
      drawSample: () => Promise.reject(new AppError('WORKER_LOST', 'unused')),
      models: { library: memoryLibrary().client, packId: undefined },
    },
  );
  return { store, decoded, decoders, thumbnails, resultFor };
}

const phases = (store: AppStore): string =>
  store
    .getState()
    .films.map(({ phase }) => phase.kind)
    .join(' ');
const become = (store: AppStore, expected: string): Promise<void> => vi.waitFor(() => expect(phases(store)).toBe(expected));

describe('the worklist', () => {
  it('is read again with the words of the moment, the film in view first', async () => {
    const { store, decoded } = setUp();
    store.getState().startEngine();
    await store.getState().takeFiles(incoming(1, 2, 3));
    await become(store, 'scored kept kept');
    decoded.length = 0;
    expect(await store.getState().setWords(['clear.', 'fluid.'])).toBeUndefined();
    expect(phases(store)).toBe('busy waiting waiting');
    await become(store, 'scored kept kept');
    const words = store.getState().films.map(({ phase }) => ('manifest' in phase ? phase.manifest.classes : undefined));
    expect(words).toEqual([1, 2, 3].map(() => ['clear.', 'fluid.']));
    expect(decoded).toEqual([2, 3]);
  });

  it('leaves checkpoints to the models', async () => {
    const { store } = setUp();
    const checkpoint = file(9, 'weights.pt');
    await store.getState().takeFiles([...incoming(1), { path: 'weights.pt', file: checkpoint }]);
    expect(store.getState().films.map(({ name }) => name)).toEqual(['1.png']);
    expect(store.getState()).toMatchObject({ modelsShown: true, incoming: { name: 'weights.pt' } });
  });

  it('scores what waits; a bad film keeps its error on its row and stops nothing', async () => {
    const { store, thumbnails } = setUp();
    store.getState().startEngine();
    await store.getState().takeFiles(incoming(1, 2, 0, 4));
    await become(store, 'scored kept failed kept');
    expect(store.getState().films[2]?.phase).toMatchObject({ error: { code: 'EMPTY_FILE' } });
    expect(store.getState().films.map(({ id }) => thumbnails.get(id)?.length)).toEqual([undefined, 64, undefined, 64]);
    expect(store.getState().listShown).toBe(true);
  });

  it('waits for the engine, pauses, goes on', async () => {
    const { store, decoded } = setUp();
    await store.getState().takeFiles(incoming(1, 2, 3));
    expect(phases(store)).toBe('busy waiting waiting');
    store.getState().pauseQueue();
    store.getState().startEngine();
    await become(store, 'scored waiting waiting');
    expect(decoded).toEqual([]);
    store.getState().resumeQueue();
    await become(store, 'scored kept kept');
  });

  it('tells how long a film takes, from the last ones, and forgets it when paused or stopped', async () => {
    let held: () => void = () => undefined;
    let asked = 0;
    const { store, resultFor } = setUp({
      scoreReady: async ({ film }) => {
        await new Promise<void>((resolve) => (asked++ < 9 ? setTimeout(resolve, 10) : (held = resolve)));
        return resultFor(film.input[0] ?? 0);
      },
    });
    const files = Array.from({ length: 12 }, (_, i) => i + 20);
    store.getState().startEngine();
    await store.getState().takeFiles(incoming(...files));
    await vi.waitFor(() => expect(store.getState().films.filter(({ phase }) => phase.kind === 'kept')).toHaveLength(9));
    // Two at a time, each for ten milliseconds.
    expect(store.getState().pace).toBeGreaterThan(3);
    expect(store.getState().pace).toBeLessThan(100);
    store.getState().pauseQueue();
    expect(store.getState().pace).toBeUndefined();
    held();
  });

  it('holds no more films than a handful, however many wait', async () => {
    const gates: (() => void)[] = [];
    const { store, decoded, resultFor } = setUp({
      scoreReady: ({ film }) => new Promise((resolve) => gates.push(() => resolve(resultFor(film.input[0] ?? 0)))),
    });
    store.getState().startEngine();
    await store.getState().takeFiles(incoming(...Array.from({ length: 40 }, (_, i) => i + 20)));
    await vi.waitFor(() => expect(gates).toHaveLength(2));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(gates).toHaveLength(2);
    expect(decoded).toHaveLength(5);
    gates.shift()?.();
    await vi.waitFor(() => expect(decoded).toHaveLength(6));
  });

  it('tells the decoders what is next, so that they can read ahead', async () => {
    const { store, decoders } = setUp();
    const prepare = vi.spyOn(decoders, 'prepare');
    await store.getState().takeFiles(incoming(1, 2, 3, 4));
    // The first is on the stage.
    const next: number[][] = [];
    prepare.mockImplementation((_, __, { following } = {}) => {
      next.push([...(following?.() ?? [])].map((source) => (source instanceof Blob ? source.size : -1)));
      return new Promise(() => undefined);
    });
    store.getState().startEngine();
    await vi.waitFor(() => expect(next).toEqual([[3, 4], [4], []]));
  });

  it('is stopped, which is no failure, and taken up again', async () => {
    const { store } = setUp({ scoreReady: () => new Promise(() => undefined) });
    store.getState().startEngine();
    await store.getState().takeFiles(incoming(1, 2, 3));
    await vi.waitFor(() => expect(phases(store)).toMatch(/^scored busy/));
    store.getState().stopQueue();
    expect(phases(store)).toBe('scored stopped stopped');
    store.getState().retry();
    await vi.waitFor(() => expect(phases(store)).toMatch(/^scored (busy|waiting)/));
  });

  it('prepares a film again that was prepared for another model', async () => {
    let asked = 0;
    const { store, resultFor } = setUp({
      scoreReady: ({ film }) =>
        asked++ === 0
          ? Promise.reject(new AppError('ABORTED', 'Prepared for another model.'))
          : Promise.resolve(resultFor(film.input[0] ?? 0)),
    });
    store.getState().startEngine();
    await store.getState().takeFiles(incoming(1, 2));
    await become(store, 'scored kept');
    expect(asked).toBe(2);
  });

  it('opens a film by its kept result: decoded again, not scored again', async () => {
    const { store, decoded } = setUp();
    store.getState().startEngine();
    await store.getState().takeFiles(incoming(1, 2));
    await become(store, 'scored kept');
    const before = store.getState().films[1]?.phase;
    store.getState().step(1);
    await become(store, 'scored scored');
    const after = store.getState().films[1]?.phase;
    if (before?.kind !== 'kept' || after?.kind !== 'scored') throw new Error('unexpected phases');
    expect(after.scored.result).toBe(before.result);
    expect([...after.scored.pixels]).toEqual([2, 2, 2, 2]);
    expect(decoded).toEqual([2, 2]);
    store.getState().step(-1);
    expect(store.getState().currentId).toBe(1);
  });

  it('gives a result that is not there yet to the stage when it comes', async () => {
    let release: () => void = () => undefined;
    const { store, resultFor } = setUp({
      scoreReady: ({ film }) => new Promise((resolve) => (release = () => resolve(resultFor(film.input[0] ?? 0)))),
    });
    store.getState().startEngine();
    await store.getState().takeFiles(incoming(1, 2));
    await become(store, 'scored busy');
    store.getState().openFilm(2);
    expect(store.getState().currentId).toBe(2);
    release();
    await become(store, 'scored scored');
  });

  it('gives back what was taken off it', async () => {
    const { store } = setUp();
    store.getState().startEngine();
    await store.getState().takeFiles(incoming(1, 2, 3));
    await become(store, 'scored kept kept');
    store.getState().removeFilms([1, 3]);
    expect(store.getState().films.map(({ id }) => id)).toEqual([2]);
    expect(store.getState().currentId).toBeUndefined();
    store.getState().undoRemove();
    expect(store.getState().films.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(store.getState().removed).toEqual([]);
  });

  it('takes films of folders, by path, and leaves other files out; an archive that is none has a row of its own', async () => {
    const { store } = setUp();
    await store.getState().takeFiles([
      { path: 'scans/10.png', file: file(10) },
      { path: 'scans/2.png', file: file(2) },
      { path: 'scans/manifest.csv', file: file(3, 'manifest.csv') },
      { path: 'scans/.hidden.png', file: file(3, '.hidden.png') },
      { path: 'films.zip', file: file(5, 'films.zip') },
    ]);
    expect(store.getState().films.map(({ folder, name, phase }) => `${folder}${name} ${phase.kind}`)).toEqual([
      'films.zip failed',
      'scans/2.png waiting',
      'scans/10.png waiting',
    ]);
    expect(store.getState().leftOut).toBe(2);
  });
});

describe('the order of the list', () => {
  it('sorts by any score, films without one last; filters by name, verdict and state', async () => {
    const { store } = setUp();
    store.getState().startEngine();
    await store.getState().takeFiles(incoming(30, 90, 0, 60));
    await become(store, 'scored kept failed kept');
    const { films } = store.getState();
    const names = (view: Partial<typeof PLAIN_VIEW>): string =>
      orderFilms(films, { ...PLAIN_VIEW, ...view })
        .map(({ name }) => name.slice(0, -4))
        .join(' ');
    expect(names({})).toBe('30 90 0 60');
    expect(names({ descending: true })).toBe('60 0 90 30');
    expect(names({ sort: 'name' })).toBe('0 30 60 90');
    expect(names({ sort: 'score' })).toBe('30 60 90 0');
    expect(names({ sort: 'lower', descending: true })).toBe('90 60 30 0');
    expect(names({ show: 'above' })).toBe('90 60');
    expect(names({ show: 'below' })).toBe('30');
    expect(names({ show: 'failed' })).toBe('0');
    expect(names({ show: 'open' })).toBe('');
    expect(names({ text: ' 0.PNG ' })).toBe('30 90 0 60');
    expect(names({ text: '6' })).toBe('60');
  });
});
