import { AppError, toAppError } from '../core/errors.js';
import type { ErrorValue, Sides } from '../core/result.js';
import type { ScoredFilm } from '../worker/api.js';
import type { Manifest } from '../core/pack/manifest.js';
import { toErrorValue, type JobStage, type WorkerClient } from '../worker/client.js';
import type { EngineSlice } from './engine-slice.js';
import type { SliceCreator } from './slice.js';

export type FilmPhase =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'busy'; readonly stage: JobStage | 'queued' }
  | { readonly kind: 'scored'; readonly scored: ScoredFilm; readonly manifest: Manifest }
  | { readonly kind: 'failed'; readonly error: ErrorValue };

export interface Film {
  readonly id: number;
  readonly name: string;
  readonly file: Blob;
  /** Drawn by our own code, not a patient's. */
  readonly synthetic: boolean;
  readonly sides: Sides;
  readonly phase: FilmPhase;
}

export interface IncomingFilm {
  readonly name: string;
  readonly file: Blob;
  readonly synthetic?: boolean;
}

export interface FilmsSlice {
  readonly films: readonly Film[];
  /** The film being looked at, read or failed; undefined: the start page. */
  readonly currentId: number | undefined;
  /** The film whose result was shown last: what "back" returns to. */
  readonly previousId: number | undefined;
  /** Takes films in; the first is read, the others wait. */
  addFilms(incoming: readonly IncomingFilm[]): void;
  /** Looks at a film: shows its result, or reads it. A film under way goes back to waiting. */
  openFilm(id: number): void;
  /** Stops reading and goes back to the result shown before. */
  cancel(): void;
  /** Leaves an error, or any film, for the result shown before it, else for the start page. */
  back(): void;
  /** The start page; films stay. */
  home(): void;
  removeFilm(id: number): void;
  flipSides(id: number): void;
}

// Pixels of films looked at before are kept for a fast way back, up to this many bytes; older films are read again.
const PIXEL_BUDGET = 256 * 1024 * 1024;

export const createFilmsSlice =
  (client: WorkerClient): SliceCreator<FilmsSlice, EngineSlice> =>
  (set, get) => {
    let nextId = 1;
    let running: { readonly id: number; readonly controller: AbortController } | undefined;

    const update = (id: number, change: Partial<Film>): void =>
      set(({ films }) => ({ films: films.map((film) => (film.id === id ? { ...film, ...change } : film)) }));

    const stop = (): void => {
      if (!running) return;
      const { id, controller } = running;
      running = undefined;
      controller.abort();
      update(id, { phase: { kind: 'waiting' } });
    };

    const read = async (film: Film): Promise<void> => {
      const controller = new AbortController();
      const run = { id: film.id, controller };
      running = run;
      update(film.id, { phase: { kind: 'busy', stage: 'queued' } });
      try {
        const scored = await client.score(film.file, {
          signal: controller.signal,
          onStage: (stage) => {
            if (running === run) update(film.id, { phase: { kind: 'busy', stage } });
          },
        });
        const manifest = get().lastEngine?.manifest;
        if (!manifest) throw new AppError('INTERNAL', 'A film was scored before the engine was ready.');
        if (running === run) set((state) => afterScore(state, film.id, { kind: 'scored', scored, manifest }));
      } catch (thrown) {
        // A film that was stopped is waiting already; anything else is told.
        const { code } = toAppError(thrown);
        if (running === run)
          update(film.id, { phase: code === 'ABORTED' ? { kind: 'waiting' } : { kind: 'failed', error: toErrorValue(thrown) } });
      }
      if (running === run) running = undefined;
    };

    const show = (id: number | undefined): void => set({ currentId: id });

    const back = (): void => {
      const { films, currentId, previousId } = get();
      const target = films.find(({ id, phase }) => id === previousId && id !== currentId && phase.kind === 'scored');
      stop();
      show(target?.id);
    };

    return {
      films: [],
      currentId: undefined,
      previousId: undefined,
      addFilms: (incoming) => {
        const added = incoming.map(({ name, file, synthetic = false }): Film => {
          return { id: nextId++, name, file, synthetic, sides: 'assumed', phase: { kind: 'waiting' } };
        });
        const first = added[0];
        if (!first) return;
        set(({ films }) => ({ films: [...films, ...added] }));
        get().openFilm(first.id);
      },
      openFilm: (id) => {
        const film = get().films.find((one) => one.id === id);
        if (!film || running?.id === id) return show(film?.id);
        stop();
        show(id);
        if (film.phase.kind === 'scored') set({ previousId: id });
        else void read(film);
      },
      cancel: back,
      back,
      home: () => {
        stop();
        show(undefined);
      },
      removeFilm: (id) => {
        if (get().currentId === id) back();
        set(({ films }) => ({ films: films.filter((film) => film.id !== id) }));
      },
      flipSides: (id) =>
        set(({ films }) => ({
          films: films.map((film) =>
            film.id === id ? { ...film, sides: film.sides === 'assumed' ? 'flipped' : 'assumed' } : film,
          ),
        })),
    };
  };

/** Stores a result and lets go of the pixels of the films scored longest ago once the budget is spent. */
function afterScore({ films }: FilmsSlice, id: number, phase: FilmPhase & { kind: 'scored' }): Partial<FilmsSlice> {
  let left = PIXEL_BUDGET - phase.scored.pixels.byteLength;
  const kept = films.toReversed().map((film): Film => {
    if (film.id === id) return { ...film, phase };
    if (film.phase.kind !== 'scored') return film;
    left -= film.phase.scored.pixels.byteLength;
    return left >= 0 ? film : { ...film, phase: { kind: 'waiting' } };
  });
  return { films: kept.toReversed(), previousId: id };
}

/** The film being looked at. */
export function currentFilm({ films, currentId }: Pick<FilmsSlice, 'films' | 'currentId'>): Film | undefined {
  return films.find(({ id }) => id === currentId);
}

/** The film whose result "back" returns to, if it still has one. */
export function previousFilm({ films, previousId, currentId }: FilmsSlice): Film | undefined {
  return films.find(({ id, phase }) => id === previousId && id !== currentId && phase.kind === 'scored');
}
