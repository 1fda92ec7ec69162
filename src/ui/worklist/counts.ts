import { resultOf, type Film } from '../../state/index.js';

export interface Counts {
  readonly total: number;
  readonly scored: number;
  readonly failed: number;
  readonly stopped: number;
  /** Waiting or under way. */
  readonly open: number;
  /** Under way. */
  readonly busy: number;
}

let last: { readonly films: readonly Film[]; readonly counts: Counts } | undefined;

/** How the list stands; counted once for the same list. */
export function countFilms(films: readonly Film[]): Counts {
  if (last?.films !== films) {
    const counts = { total: films.length, scored: 0, failed: 0, stopped: 0, open: 0, busy: 0 };
    for (const film of films) {
      if (resultOf(film)) counts.scored++;
      else if (film.phase.kind === 'failed') counts.failed++;
      else if (film.phase.kind === 'stopped') counts.stopped++;
      else counts.open++;
      if (film.phase.kind === 'busy') counts.busy++;
    }
    last = { films, counts };
  }
  return last.counts;
}
