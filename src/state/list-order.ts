import { POSITION_IDS, type PositionId } from '../core/result.js';
import { resultOf, type Film } from './film.js';

export const SORT_KEYS = ['added', 'name', 'score', ...POSITION_IDS] as const;
export type SortKey = (typeof SORT_KEYS)[number];
export const SHOW_KEYS = ['all', 'above', 'below', 'open', 'failed'] as const;
/** Which films the list shows: by verdict, those without a result yet, those that failed. */
export type ShowKey = (typeof SHOW_KEYS)[number];

export interface ListView {
  readonly sort: SortKey;
  readonly descending: boolean;
  readonly show: ShowKey;
  /** Part of a name or folder. */
  readonly text: string;
}

export const PLAIN_VIEW: ListView = { sort: 'added', descending: false, show: 'all', text: '' };

const names = new Intl.Collator(undefined, { numeric: true });

/** The films that a view shows, in its order. Films that lack what is sorted by come last, as they were added. */
export function orderFilms(films: readonly Film[], view: ListView): readonly Film[] {
  const text = view.text.trim().toLowerCase();
  const shown = films.filter((film) => isShown(film, view.show) && (text === '' || pathOf(film).toLowerCase().includes(text)));
  const turn = view.descending ? -1 : 1;
  if (view.sort === 'added') return turn > 0 ? shown : shown.toReversed();
  if (view.sort === 'name') return shown.toSorted((a, b) => turn * names.compare(pathOf(a), pathOf(b)));
  const key = view.sort;
  const values = new Map(shown.map((film) => [film.id, valueOf(film, key)]));
  return shown.toSorted((a, b) => {
    const [one, other] = [values.get(a.id), values.get(b.id)];
    if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined);
    return turn * (one - other);
  });
}

function pathOf({ folder, name }: Film): string {
  return folder + name;
}

function isShown(film: Film, show: ShowKey): boolean {
  switch (show) {
    case 'all':
      return true;
    case 'failed':
      return film.phase.kind === 'failed';
    case 'open':
      return resultOf(film) === undefined && film.phase.kind !== 'failed';
    case 'above':
      return resultOf(film)?.aboveThreshold === true;
    case 'below':
      return resultOf(film)?.aboveThreshold === false;
  }
}

function valueOf(film: Film, key: 'score' | PositionId): number | undefined {
  const result = resultOf(film);
  return key === 'score' ? result?.score : result?.positions.find(({ id }) => id === key)?.probability;
}

let last: { readonly films: readonly Film[]; readonly view: ListView; readonly order: readonly Film[] } | undefined;

/** `orderFilms`, done once for the same list and view: several parts of the page ask for it. */
export function listOrder(films: readonly Film[], view: ListView): readonly Film[] {
  if (last?.films !== films || last.view !== view) last = { films, view, order: orderFilms(films, view) };
  return last.order;
}
