import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../core/errors.js';
import type { EngineState, ScoredFilm, ScoreRequest, WorkerApi } from '../worker/api.js';
import { createWorkerClient } from '../worker/client.js';
import type { ScoreResult } from '../core/result.js';
import { outcomeOf } from '../worker/rpc.js';
import { memoryLibrary } from '../worker/testing/memory-library.js';
import { FakeWorker } from '../worker/testing/fake-worker.js';
import { currentFilm, previousFilm } from './films-slice.js';
import { createAppStore, type AppStore } from './store.js';
import { fakeDecoders } from './testing/fake-decoders.js';
import { Thumbnails } from './thumbnails.js';
import { shownPosition } from './view-slice.js';

const ENGINE = {
  backend: 'wasm',
  setAside: [],
  threads: 2,
  manifest: { title: 'A model', classes: ['a', 'b'], preprocessing: { steps: [8] } },
  pack: { sha256: 'x' },
} as unknown as EngineState;
const SETTINGS = { language: 'en', theme: 'system', backend: undefined } as const;
const file = (size: number): Blob => new Blob([new Uint8Array(size)]);

/** Files of 0 bytes are bad, of 13 bytes never done; the score of any other is its size, its pixels are `pixelBytes`. */
function setUp({
  pixelBytes = 4,
  start = () => Promise.resolve(ENGINE),
}: { pixelBytes?: number; start?: () => Promise<EngineState> } = {}) {
  const scored: number[] = [];
  const score = async ({ file: { size } }: ScoreRequest): Promise<ScoredFilm> => {
    if (size === 0) throw new AppError('EMPTY_FILE', 'The file is empty.');
    if (size === 13) return new Promise<never>(() => undefined);
    scored.push(size);
    return { pixels: new Uint8Array(pixelBytes), result: { score: size, pack: { sha256: 'x' } } } as unknown as ScoredFilm;
  };
  const api: WorkerApi = {
    start: () => outcomeOf(start),
    score: (request) => outcomeOf(() => score(request)),
    scoreReady: ({ film, pack }) =>
      outcomeOf(() => {
        const [size = 0] = film.input;
        scored.push(size);
        return Promise.resolve({ score: size, film: film.film.facts, pack: { sha256: pack } } as unknown as ScoreResult);
      }),
    setWords: () => outcomeOf(start),
    cancel: () => Promise.resolve(),
  };
  const client = createWorkerClient({ createWorker: () => new FakeWorker(api), assetsUrl: '', packUrl: '' });
  const decoders = fakeDecoders();
  const store = createAppStore(
    { client, decoders, thumbnails: new Thumbnails(decoders) },
    {
      settings: SETTINGS,
      models: { library: memoryLibrary().client, packId: undefined },
      drawSample: (kind) =>
        kind === 'clear' ? Promise.resolve(file(7)) : Promise.reject(new AppError('WORKER_LOST', 'No luck.')),
    },
  );
  store.getState().startEngine();
  return { store, scored };
}

const settled = (store: AppStore): Promise<void> =>
  vi.waitFor(() => expect(currentFilm(store.getState())?.phase.kind).not.toMatch(/busy|waiting/));
const phases = (store: AppStore): string[] => store.getState().films.map(({ phase }) => phase.kind);

describe('films', () => {
  it('come many at once: the first of ten is looked at, the others wait by name and are scored in their turn', async () => {
    const { store, scored } = setUp();
    store.getState().addFilms(Array.from({ length: 10 }, (_, i) => ({ name: `film ${i}`, source: file(i + 1) })));
    expect(currentFilm(store.getState())?.name).toBe('film 0');
    expect(phases(store)).toEqual(['busy', ...Array.from({ length: 9 }, () => 'waiting')]);
    await settled(store);
    expect(currentFilm(store.getState())).toMatchObject({ name: 'film 0', phase: { kind: 'scored' } });
    await vi.waitFor(() => expect(phases(store)).toEqual(['scored', ...Array.from({ length: 9 }, () => 'kept')]));
    expect(scored).toHaveLength(10);
    expect(scored.slice(1)).toEqual(scored.slice(1).toSorted((a, b) => a - b));
  });

  it('that wait can be opened, and those that were read are not read again', async () => {
    const { store, scored } = setUp();
    const { addFilms, openFilm } = store.getState();
    addFilms([
      { name: 'a', source: file(1) },
      { name: 'b', source: file(2) },
    ]);
    await settled(store);
    openFilm(2);
    await settled(store);
    openFilm(1);
    expect(currentFilm(store.getState())).toMatchObject({ name: 'a', phase: { kind: 'scored' } });
    expect(scored).toEqual([1, 2]);
  });

  it('that fail keep the result before them within reach', async () => {
    const { store } = setUp();
    store.getState().addFilms([{ name: 'good', source: file(3) }]);
    await settled(store);
    store.getState().addFilms([{ name: 'bad', source: file(0) }]);
    await settled(store);
    expect(currentFilm(store.getState())).toMatchObject({
      name: 'bad',
      phase: { kind: 'failed', error: { code: 'EMPTY_FILE' } },
    });
    expect(previousFilm(store.getState())?.name).toBe('good');
    store.getState().back();
    expect(currentFilm(store.getState())).toMatchObject({ name: 'good', phase: { kind: 'scored' } });
  });

  it('under way can be cancelled, which is no failure', async () => {
    const { store } = setUp();
    store.getState().addFilms([{ name: 'good', source: file(3) }]);
    await settled(store);
    store.getState().addFilms([{ name: 'endless', source: file(13) }]);
    expect(phases(store)).toEqual(['scored', 'busy']);
    store.getState().cancel();
    expect(phases(store)).toEqual(['scored', 'stopped']);
    expect(currentFilm(store.getState())?.name).toBe('good');
  });

  it('can be removed while they are looked at', async () => {
    const { store } = setUp();
    store.getState().addFilms([{ name: 'a', source: file(1) }]);
    await settled(store);
    store.getState().removeFilms([1]);
    expect(store.getState()).toMatchObject({ films: [], currentId: undefined });
  });

  it('lend out the pixels that the worker sent, without a copy, and let old ones go when they are many', async () => {
    const { store } = setUp({ pixelBytes: 100 * 1024 * 1024 });
    for (const size of [1, 2, 3]) {
      store.getState().addFilms([{ name: `film ${size}`, source: file(size) }]);
      await settled(store);
    }
    expect(phases(store)).toEqual(['kept', 'scored', 'scored']);
  });

  it('flip their sides each for itself; scores and ids stay', async () => {
    const { store } = setUp();
    store.getState().addFilms([
      { name: 'a', source: file(1) },
      { name: 'b', source: file(2) },
    ]);
    await settled(store);
    const before = store.getState().films[0]?.phase;
    store.getState().flipSides(1);
    expect(store.getState().films.map(({ sides }) => sides)).toEqual(['flipped', 'assumed']);
    expect(store.getState().films[0]?.phase).toBe(before);
    store.getState().flipSides(1);
    expect(store.getState().films[0]?.sides).toBe('assumed');
  });

  it('drawn by us come through the same intake and say what they are', async () => {
    const { store, scored } = setUp();
    await store.getState().openSample('clear');
    await settled(store);
    expect(currentFilm(store.getState())).toMatchObject({
      name: 'phantom-clear.png',
      synthetic: true,
      phase: { kind: 'scored' },
    });
    expect(scored).toEqual([7]);
    await store.getState().openSample('opacity');
    expect(store.getState()).toMatchObject({ drawing: undefined, sampleError: { code: 'WORKER_LOST' } });
  });
});

describe('the engine', () => {
  it('fails with its code, and films say so until another try succeeds', async () => {
    let broken = true;
    const { store } = setUp({
      start: () => (broken ? Promise.reject(new AppError('DOWNLOAD_FAILED', 'No network.')) : Promise.resolve(ENGINE)),
    });
    await vi.waitFor(() => expect(store.getState().engine).toMatchObject({ kind: 'failed', error: { code: 'DOWNLOAD_FAILED' } }));
    store.getState().addFilms([{ name: 'a', source: file(1) }]);
    await settled(store);
    expect(currentFilm(store.getState())?.phase).toMatchObject({ kind: 'failed', error: { code: 'DOWNLOAD_FAILED' } });
    broken = false;
    store.getState().rereadFilm(1);
    await settled(store);
    expect(currentFilm(store.getState())?.phase.kind).toBe('scored');
    expect(store.getState().engine.kind).toBe('ready');
  });

  it('restarts on another backend with the films kept', async () => {
    const { store } = setUp();
    store.getState().addFilms([{ name: 'a', source: file(1) }]);
    await settled(store);
    store.getState().useBackend('wasm-single');
    expect(store.getState()).toMatchObject({ engine: { kind: 'starting' }, settings: { backend: 'wasm-single' } });
    await vi.waitFor(() => expect(store.getState().engine.kind).toBe('ready'));
    expect(phases(store)).toEqual(['scored']);
  });
});

describe('the view', () => {
  it('shows what is pointed at, else what is pinned', () => {
    const { store } = setUp();
    const { hover, togglePin, unpin } = store.getState();
    togglePin('left');
    hover('upper');
    expect(shownPosition(store.getState())).toBe('upper');
    hover(undefined);
    expect(shownPosition(store.getState())).toBe('left');
    togglePin('left');
    expect(shownPosition(store.getState())).toBeUndefined();
    hover('upper');
    togglePin('right');
    expect(shownPosition(store.getState())).toBe('right');
    unpin();
    expect(shownPosition(store.getState())).toBeUndefined();
  });
});
