import { AppError } from '../errors.js';

/**
 * Films ranked by score, highest first. A metric counts film `i` as often as `weights[i]` says: once each for the metric itself,
 * as often as it was drawn for a bootstrap resample. Sorting is done once for all of them.
 */
export interface RankedFilms {
  readonly scores: Float64Array;
  /** 1 where the film is abnormal. */
  readonly abnormal: Uint8Array;
  /** 1 where a film's score is higher than the next one's: the end of a group of equal scores. */
  readonly groupEnd: Uint8Array;
  /** Ranks of the abnormal films, and of the normal ones. */
  readonly classes: { readonly abnormal: Uint32Array; readonly normal: Uint32Array };
}

/** Films that `createRandom(...).below` can draw from. */
const MOST_FILMS = 2 ** 21;

/**
 * @param scores one a film, higher for more abnormal
 * @param abnormal what is true of each film
 * @throws AppError `USAGE` where the two do not belong together or a score is not a number.
 */
export function rankFilms(scores: readonly number[], abnormal: readonly boolean[]): RankedFilms {
  if (scores.length !== abnormal.length)
    throw new AppError('USAGE', `There are ${scores.length} scores and ${abnormal.length} labels.`, {});
  if (scores.length > MOST_FILMS) throw new AppError('USAGE', `There are ${scores.length} films, more than ${MOST_FILMS}.`, {});
  const wrong = scores.findIndex((score) => Number.isNaN(score));
  if (wrong >= 0) throw new AppError('USAGE', `The score of film ${wrong} is not a number.`, { film: wrong });
  const order = Uint32Array.from(scores, (_, i) => i).sort((a, b) => scores[b]! - scores[a]! || a - b);
  const ranked = Float64Array.from(order, (film) => scores[film]!);
  const labels = Uint8Array.from(order, (film) => (abnormal[film] ? 1 : 0));
  const ranks = Array.from(order.keys());
  return {
    scores: ranked,
    abnormal: labels,
    groupEnd: Uint8Array.from(ranked, (score, rank) => (ranked[rank + 1] === score ? 0 : 1)),
    classes: {
      abnormal: Uint32Array.from(ranks.filter((rank) => labels[rank] === 1)),
      normal: Uint32Array.from(ranks.filter((rank) => labels[rank] === 0)),
    },
  };
}
