import { toAppError } from '../core/errors.js';
import { toErrorValue, type FilmSource } from '../worker/client.js';
import type { EngineSlice } from './engine-slice.js';
import { haveSameWords, type Film, type FilmPhase } from './film.js';
import type { FilmWorkers } from './film-workers.js';
import { makeGate } from './gate.js';
import type { QueueSlice } from './queue-slice.js';
import type { SetState } from './slice.js';

/** Changes to the list are told no oftener: each telling makes the page draw, on cores that the model could use. */
const TELL_MS = 400;
/** A change after a quiet while is told so soon; what comes with it comes along. */
const TELL_SOON_MS = 30;
/** Films at the engine at a time: one being scored and one for it to begin without a word from the page. */
const AT_ENGINE = 2;
/** Films decoded and not yet at the engine; they smooth large films among small. */
const READY = 2;
/** Films from whose times the pace is told. */
const PACE_FILMS = 40;

/** What it reads and sets; the rest of the films' slice is not its business. */
interface Films {
  readonly films: readonly Film[];
  readonly currentId: number | undefined;
}

type State = Films & QueueSlice & EngineSlice;

export interface RunnerHooks {
  /** Whether the stage is reading this film itself. */
  readonly isTaken: (id: number) => boolean;
  /** A film came out of the queue with its result. */
  readonly onKept: (id: number) => void;
}

export interface ListRunner {
  readonly slice: QueueSlice;
  /** Looks whether there is something to do. */
  wake(): void;
  /** Tells at once what has been held back for the next telling. */
  flush(): void;
  /** Whether the queue is at this film. */
  has(id: number): boolean;
  stop(ids: readonly number[]): void;
}

/**
 * Scores the films that wait, in their order: decoders prepare the next ones while the engine works. What is in memory is a
 * handful of films, whatever the length of the list; a film's result is kept, its pixels are not.
 */
export function createListRunner(
  { client, decoders, thumbnails }: FilmWorkers,
  set: SetState<State>,
  get: () => State,
  { isTaken, onKept }: RunnerHooks,
): ListRunner {
  const running = new Map<number, AbortController>();
  const changes = new Map<number, FilmPhase>();
  const gate = makeGate(AT_ENGINE);
  const times: number[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let toldAt = -Infinity;

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (changes.size === 0) return;
    toldAt = performance.now();
    const told = new Map(changes);
    changes.clear();
    set(({ films }) => ({
      pace: paceOf(times),
      films: films.map((film) => {
        const phase = told.get(film.id);
        return phase ? { ...film, phase } : film;
      }),
    }));
    for (const [id, { kind }] of told) if (kind === 'kept') onKept(id);
  };

  const put = (id: number, phase: FilmPhase): void => {
    changes.set(id, phase);
    timer ??= setTimeout(flush, id === get().currentId ? 0 : Math.max(TELL_SOON_MS, toldAt + TELL_MS - performance.now()));
  };

  const score = async (film: Film, signal: AbortSignal): Promise<FilmPhase> => {
    const { lastEngine } = get();
    if (!lastEngine) return { kind: 'waiting' };
    const { manifest, pack } = lastEngine;
    put(film.id, { kind: 'busy', stage: 'decoding' });
    try {
      const { ready, thumbnail } = await decoders.prepare(film.source, manifest.preprocessing.steps, { signal, following });
      thumbnails.put(film.id, thumbnail);
      const result = await gate(() => {
        put(film.id, { kind: 'busy', stage: 'scoring' });
        return client.scoreReady(ready, pack.sha256, signal);
      });
      // Other words meanwhile: nobody knows which of them it was scored with.
      const { lastEngine: now } = get();
      if (now && !haveSameWords(now.manifest, manifest)) return { kind: 'waiting' };
      return { kind: 'kept', result, manifest };
    } catch (thrown) {
      const error = toAppError(thrown);
      // Another pack, or no engine at all: the film is not to blame, and its turn comes again.
      if (error.code === 'ABORTED' || get().engine.kind === 'failed') return { kind: 'waiting' };
      return { kind: 'failed', error: toErrorValue(error) };
    }
  };

  const run = async (film: Film): Promise<void> => {
    const controller = new AbortController();
    running.set(film.id, controller);
    const phase = await score(film, controller.signal);
    if (running.get(film.id) === controller) {
      running.delete(film.id);
      put(film.id, phase);
      if (phase.kind === 'kept') times.push(performance.now());
      if (times.length > PACE_FILMS) times.shift();
      // The last one is told at once.
      if (running.size === 0 && !next()) flush();
    }
    wake();
  };

  const waits = ({ id, phase }: Film): boolean =>
    (changes.get(id) ?? phase).kind === 'waiting' && !running.has(id) && !isTaken(id);
  const next = (): Film | undefined => get().films.find(waits);
  const following = function* (): Generator<FilmSource> {
    for (const film of get().films) if (waits(film)) yield film.source;
  };

  const wake = (): void => {
    while (running.size < decoders.count + AT_ENGINE + READY) {
      const { paused, engine } = get();
      const film = paused || engine.kind !== 'ready' ? undefined : next();
      if (!film) return;
      void run(film);
    }
  };

  const stop = (ids: readonly number[]): void => {
    const stopped = new Set(ids);
    for (const id of ids) {
      running.get(id)?.abort();
      running.delete(id);
    }
    flush();
    set(({ films }) => ({
      films: films.map((film) =>
        stopped.has(film.id) && (film.phase.kind === 'waiting' || film.phase.kind === 'busy') && !isTaken(film.id)
          ? { ...film, phase: { kind: 'stopped' } }
          : film,
      ),
    }));
  };

  client.subscribe(({ kind }) => {
    if (kind === 'engine-ready') wake();
  });

  return {
    wake,
    flush,
    stop,
    has: (id) => running.has(id),
    slice: {
      paused: false,
      pace: undefined,
      pauseQueue: () => {
        times.length = 0;
        set({ paused: true, pace: undefined });
      },
      resumeQueue: () => {
        set({ paused: false });
        wake();
      },
      stopQueue: () => {
        times.length = 0;
        stop(get().films.map(({ id }) => id));
        set({ paused: false, pace: undefined });
      },
      retry: (ids) => {
        flush();
        const again = ids && new Set(ids);
        set(({ films }) => ({
          films: films.map((film) =>
            (film.phase.kind === 'failed' || film.phase.kind === 'stopped') && !film.refused && again?.has(film.id) !== false
              ? { ...film, phase: { kind: 'waiting' } }
              : film,
          ),
        }));
        wake();
      },
    },
  };
}

function paceOf(times: readonly number[]): number | undefined {
  const [first, last] = [times[0], times.at(-1)];
  return times.length < 5 || first === undefined || last === undefined ? undefined : (last - first) / (times.length - 1);
}
