import { AppError, toAppError } from '../core/errors.js';
import { toErrorValue } from '../worker/client.js';
import type { EngineSlice } from './engine-slice.js';
import { isOfModel, makeFilm, withPixels, type Film, type FilmPhase, type IncomingFilm } from './film.js';
import type { FilmWorkers } from './film-workers.js';
import { createListRunner } from './list-runner.js';
import type { QueueSlice } from './queue-slice.js';
import type { SliceCreator } from './slice.js';

export interface FilmsSlice {
  readonly films: readonly Film[];
  /** The film being looked at, read or failed; undefined: the start page. */
  readonly currentId: number | undefined;
  /** The film whose result was shown last: what "back" returns to. */
  readonly previousId: number | undefined;
  /** What was last taken off the list, for "undo". */
  readonly removed: readonly Film[];
  /** Takes films in; the first is read at once, the others queue. */
  addFilms(incoming: readonly IncomingFilm[]): void;
  /** Looks at a film: shows its result or its error, or reads it. A film under way on stage goes back to the queue. */
  openFilm(id: number): void;
  /** Reads a film again that failed or was stopped, and looks at it. */
  rereadFilm(id: number): void;
  /** Stops reading and goes back to the result shown before. */
  cancel(): void;
  /** Leaves an error, or any film, for the result shown before it, else for the start page. */
  back(): void;
  /** The start page; films stay. */
  home(): void;
  removeFilms(ids: readonly number[]): void;
  /** Puts back what was last removed. */
  undoRemove(): void;
  flipSides(id: number): void;
}

type Needs = FilmsSlice & QueueSlice & EngineSlice;

export const createFilmsSlice =
  (workers: FilmWorkers): SliceCreator<FilmsSlice & QueueSlice, EngineSlice> =>
  (set, get: () => Needs) => {
    const { client, decoders } = workers;
    let nextId = 1;
    /** The film being read for the stage. */
    let running: { readonly id: number; readonly controller: AbortController } | undefined;
    const runner = createListRunner(workers, set, get, {
      isTaken: (id) => running?.id === id,
      onKept: (id) => {
        if (get().currentId === id) get().openFilm(id);
      },
    });

    const find = (id: number | undefined): Film | undefined => get().films.find((film) => film.id === id);
    const update = (id: number, change: Partial<Film>): void =>
      set(({ films }) => ({ films: films.map((film) => (film.id === id ? { ...film, ...change } : film)) }));

    const stop = (becomes: 'waiting' | 'stopped'): void => {
      if (!running) return;
      const { id, controller } = running;
      running = undefined;
      controller.abort();
      if (find(id)?.phase.kind === 'busy') update(id, { phase: { kind: becomes } });
      runner.wake();
    };

    /** Runs `work` for the stage, one at a time; what it gives is kept only if nothing else has taken its place. */
    const stage = async (
      film: Film,
      work: (signal: AbortSignal) => Promise<FilmPhase>,
      failed: (error: AppError) => FilmPhase,
    ) => {
      const run = { id: film.id, controller: new AbortController() };
      running = run;
      let phase: FilmPhase;
      try {
        phase = await work(run.controller.signal);
      } catch (thrown) {
        phase = failed(toAppError(thrown));
      }
      if (running !== run) return;
      running = undefined;
      if (phase.kind === 'scored') {
        const scored = phase;
        set(({ films }) => ({ films: withPixels(films, film.id, scored), previousId: film.id }));
      } else update(film.id, { phase });
      runner.wake();
    };

    const read = (film: Film): Promise<void> => {
      update(film.id, { phase: { kind: 'busy', stage: 'queued' } });
      return stage(
        film,
        async (signal) => {
          if (film.refused) throw new AppError(film.refused.code, film.refused.message, film.refused.detail);
          const scored = await client.score(await decoders.open(film.source, signal), {
            signal,
            onStage: (name) => {
              if (running?.id === film.id) update(film.id, { phase: { kind: 'busy', stage: name } });
            },
          });
          const manifest = get().lastEngine?.manifest;
          if (!manifest) throw new AppError('INTERNAL', 'A film was scored before the engine was ready.');
          return { kind: 'scored', scored, manifest };
        },
        // A film that was stopped is told so already; anything else is told.
        (error) => (error.code === 'ABORTED' ? { kind: 'stopped' } : { kind: 'failed', error: toErrorValue(error) }),
      );
    };

    /** Brings back the pixels of a film whose result is there. */
    const decodeAgain = (film: Film, kept: FilmPhase & { kind: 'kept' }): Promise<void> => {
      const { result, manifest } = kept;
      return stage(
        film,
        async (signal) => {
          const { facts, pixels } = await decoders.decode(film.source, signal);
          if (facts.width !== result.film.width || facts.height !== result.film.height)
            throw new AppError('FILE_VANISHED', 'The file holds another film than the one that was scored.');
          return { kind: 'scored', scored: { result, pixels }, manifest };
        },
        (error) => ({ kind: 'kept', result, manifest, error: toErrorValue(error) }),
      );
    };

    const show = (id: number | undefined): void => set({ currentId: id });

    const leave = (becomes: 'waiting' | 'stopped'): void => {
      const target = previousFilm(get());
      stop(becomes);
      show(target?.id);
      if (target) get().openFilm(target.id);
    };

    // Another model, or other words: its numbers are not those shown, so every film is read again, the one in view first.
    client.subscribe((event) => {
      if (event.kind !== 'engine-ready') return;
      runner.flush();
      const stale = new Set(get().films.flatMap((film) => (isOfModel(film, event.engine) ? [] : [film.id])));
      if (stale.size === 0) return;
      if (running && stale.has(running.id)) stop('waiting');
      set(({ films }) => ({ films: films.map((film) => (stale.has(film.id) ? { ...film, phase: { kind: 'waiting' } } : film)) }));
      const { currentId } = get();
      if (currentId !== undefined && stale.has(currentId)) get().openFilm(currentId);
      runner.wake();
    });

    return {
      films: [],
      currentId: undefined,
      previousId: undefined,
      removed: [],
      addFilms: (incoming) => {
        const added = incoming.map((one) => makeFilm(nextId++, one));
        const first = added[0];
        if (!first) return;
        set(({ films }) => ({ films: [...films, ...added] }));
        get().openFilm(first.id);
        runner.wake();
      },
      openFilm: (id) => {
        runner.flush();
        const film = find(id);
        if (!film || running?.id === id) return show(film?.id);
        stop('waiting');
        show(id);
        const { phase } = film;
        if (phase.kind === 'scored') set({ previousId: id });
        else if (phase.kind === 'kept') void decodeAgain(film, phase);
        // One that the queue is at is shown when it comes out of it.
        else if ((phase.kind === 'waiting' || phase.kind === 'stopped') && !runner.has(id)) void read(film);
      },
      rereadFilm: (id) => {
        runner.flush();
        const film = find(id);
        if (!film || runner.has(id)) return;
        if (film.phase.kind === 'failed') update(id, { phase: { kind: 'stopped' } });
        get().openFilm(id);
      },
      cancel: () => {
        const { currentId } = get();
        if (currentId !== undefined && runner.has(currentId)) runner.stop([currentId]);
        leave('stopped');
      },
      back: () => leave('stopped'),
      home: () => {
        stop('waiting');
        show(undefined);
      },
      removeFilms: (ids) => {
        const gone = new Set(ids);
        const { currentId } = get();
        runner.stop(ids);
        if (currentId !== undefined && gone.has(currentId)) leave('stopped');
        set(({ films }) => ({
          films: films.filter(({ id }) => !gone.has(id)),
          removed: films.filter(({ id }) => gone.has(id)),
        }));
      },
      undoRemove: () =>
        set(({ films, removed }) => ({ films: [...films, ...removed].toSorted((a, b) => a.id - b.id), removed: [] })),
      flipSides: (id) => update(id, { sides: find(id)?.sides === 'flipped' ? 'assumed' : 'flipped' }),
      ...runner.slice,
    };
  };

/** The film being looked at. */
export function currentFilm({ films, currentId }: Pick<FilmsSlice, 'films' | 'currentId'>): Film | undefined {
  return currentId === undefined ? undefined : films.find(({ id }) => id === currentId);
}

/** The film whose result "back" returns to, if it still has one. */
export function previousFilm({ films, previousId, currentId }: FilmsSlice): Film | undefined {
  if (previousId === undefined || previousId === currentId) return undefined;
  return films.find(({ id, phase }) => id === previousId && (phase.kind === 'scored' || phase.kind === 'kept'));
}
