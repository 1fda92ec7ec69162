import { toAppError, type AppError } from '../core/errors.js';
import type { ScoreResult } from '../core/result.js';
import type { Model } from './model.js';
import { scorePrepared, type ScorableFilm } from './score.js';

export type FilmScore<F> = { readonly film: F; readonly result: ScoreResult } | { readonly film: F; readonly error: AppError };

type Ready<F> = { readonly film: F; readonly prepared: ScorableFilm } | { readonly film: F; readonly error: AppError };

export interface ScoreManyOptions<F> {
  readonly model: Model;
  /** Reads and prepares a film, elsewhere if it can (the command line has threads for it). Called when a film's turn comes near. */
  readonly prepare: (film: F, signal: AbortSignal | undefined) => Promise<ScorableFilm>;
  /** Names the program and its version. */
  readonly app: string;
  /**
   * Films that are prepared while the model works: one hides the decoder, a second smooths large films among small. 0: none, for
   * a model that needs every core: a decoder beside it would make both slower.
   */
  readonly ahead?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Scores films in order; while the model works on one, the next are read and decoded, and never more than `ahead` of them,
 * so that an archive is never in memory. A film that fails yields its error and stops nothing but itself.
 *
 * @throws AppError `ABORTED`; whatever `films` throws.
 */
export async function* scoreMany<F>(
  films: Iterable<F> | AsyncIterable<F>,
  options: ScoreManyOptions<F>,
): AsyncGenerator<FilmScore<F>> {
  const { model, app, ahead = 2, signal } = options;
  const queue: Promise<Ready<F>>[] = [];
  const iterator = Symbol.asyncIterator in films ? films[Symbol.asyncIterator]() : films[Symbol.iterator]();
  const fill = async (): Promise<void> => {
    while (queue.length < Math.max(1, ahead)) {
      const next = await iterator.next();
      if (next.done === true) return;
      queue.push(prepare(next.value, options));
    }
  };
  try {
    await fill();
    for (let waiting = queue.shift(); waiting; waiting = queue.shift()) {
      const ready = await waiting;
      if (ahead > 0) await fill();
      const outcome = 'error' in ready ? pass(ready) : await score(ready, model, app, signal);
      if (ahead === 0) await fill();
      yield outcome;
    }
  } finally {
    // A consumer that leaves early, or an abort: the list of films may hold a folder open.
    await iterator.return?.();
  }
}

async function prepare<F>(film: F, options: ScoreManyOptions<F>): Promise<Ready<F>> {
  try {
    return { film, prepared: await options.prepare(film, options.signal) };
  } catch (thrown) {
    return { film, error: toAppError(thrown) };
  }
}

async function score<F>(
  { film, prepared }: { readonly film: F; readonly prepared: ScorableFilm },
  model: Model,
  app: string,
  signal: AbortSignal | undefined,
): Promise<FilmScore<F>> {
  try {
    return { film, result: await scorePrepared(model, prepared, app, signal) };
  } catch (thrown) {
    return pass({ film, error: toAppError(thrown) });
  }
}

/** A film's own error is its outcome; an abort ends them all. */
function pass<F>(failed: { readonly film: F; readonly error: AppError }): FilmScore<F> {
  if (failed.error.code === 'ABORTED') throw failed.error;
  return failed;
}
