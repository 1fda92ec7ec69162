import { throwIfAborted, toAppError, type AppError } from '../core/errors.js';
import type { ScoreResult } from '../core/result.js';

export type FilmScore<F> = { readonly film: F; readonly result: ScoreResult } | { readonly film: F; readonly error: AppError };

export interface ScoreManyOptions<F> {
  /** Reads and scores a film, elsewhere if it can (the command line has threads for it). Called when a film's turn comes near. */
  readonly score: (film: F, signal: AbortSignal | undefined) => Promise<ScoreResult>;
  /** Films under way at a time, at least 1. */
  readonly atOnce: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Scores films and yields them in order. Never more than `atOnce` are under way or waiting to be yielded, so that an archive is
 * never in memory. A film that fails yields its error and stops nothing but itself.
 *
 * @throws AppError `ABORTED`; whatever `films` throws.
 */
export async function* scoreMany<F>(
  films: Iterable<F> | AsyncIterable<F>,
  options: ScoreManyOptions<F>,
): AsyncGenerator<FilmScore<F>> {
  const { atOnce, signal } = options;
  const queue: Promise<FilmScore<F>>[] = [];
  const iterator = Symbol.asyncIterator in films ? films[Symbol.asyncIterator]() : films[Symbol.iterator]();
  const fill = async (): Promise<void> => {
    while (queue.length < atOnce) {
      const next = await iterator.next();
      if (next.done === true) return;
      queue.push(score(next.value, options));
    }
  };
  try {
    await fill();
    for (let first = queue.shift(); first; first = queue.shift()) {
      throwIfAborted(signal);
      const scored = await first;
      // A film's own error is its outcome; an abort ends them all.
      if ('error' in scored && scored.error.code === 'ABORTED') throw scored.error;
      await fill();
      yield scored;
    }
  } finally {
    // A consumer that leaves early, or an abort: the list of films may hold a folder open.
    await iterator.return?.();
  }
}

async function score<F>(film: F, options: ScoreManyOptions<F>): Promise<FilmScore<F>> {
  try {
    throwIfAborted(options.signal);
    return { film, result: await options.score(film, options.signal) };
  } catch (thrown) {
    return { film, error: toAppError(thrown) };
  }
}
