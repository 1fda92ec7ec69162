import { toAppError, type AppError } from '../core/errors.js';
import type { Codecs } from '../core/film/grey-film.js';
import type { ScoreResult } from '../core/result.js';
import type { Model } from './model.js';
import { prepareFilm, scorePrepared, type PreparedFilm } from './score.js';

/** A film yet to be read: `read` is called when its turn comes near, so that an archive is never in memory. */
export interface FilmToScore {
  readonly file: string;
  read(): Promise<Uint8Array>;
}

export type FilmScore<F extends FilmToScore> =
  | { readonly film: F; readonly result: ScoreResult }
  | { readonly film: F; readonly error: AppError };

type Ready<F> = { readonly film: F; readonly prepared: PreparedFilm } | { readonly film: F; readonly error: AppError };

/** Films decoded ahead of the model: one hides the decoder behind the inference, a second smooths large films among small. */
const AHEAD = 2;

/**
 * Scores films in order; while the model works on one, the next are read and decoded. A film that fails yields its error and
 * stops nothing but itself; an abort ends the iteration with `ABORTED`.
 */
export async function* scoreMany<F extends FilmToScore>(
  films: Iterable<F> | AsyncIterable<F>,
  model: Model,
  codecs: Codecs,
  app: string,
  signal?: AbortSignal,
): AsyncGenerator<FilmScore<F>> {
  const queue: Promise<Ready<F>>[] = [];
  const iterator = Symbol.asyncIterator in films ? films[Symbol.asyncIterator]() : films[Symbol.iterator]();
  const fill = async (): Promise<void> => {
    while (queue.length <= AHEAD) {
      const next = await iterator.next();
      if (next.done === true) return;
      queue.push(prepare(next.value, model, codecs, signal));
    }
  };
  await fill();
  for (let ready = queue.shift(); ready; ready = queue.shift()) {
    const film = await ready;
    await fill();
    if ('error' in film) {
      if (film.error.code === 'ABORTED') throw film.error;
      yield film;
      continue;
    }
    let result: ScoreResult;
    try {
      result = await scorePrepared(model, film.prepared, app, signal);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code === 'ABORTED') throw error;
      yield { film: film.film, error };
      continue;
    }
    yield { film: film.film, result };
  }
}

async function prepare<F extends FilmToScore>(film: F, model: Model, codecs: Codecs, signal?: AbortSignal): Promise<Ready<F>> {
  try {
    return { film, prepared: await prepareFilm(await film.read(), codecs, model.pack.manifest, signal) };
  } catch (thrown) {
    return { film, error: toAppError(thrown) };
  }
}
