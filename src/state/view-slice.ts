import type { PositionId } from '../core/result.js';
import type { SliceCreator } from './slice.js';

/** A place on the film, as fractions of its width and height. */
export interface FilmPoint {
  readonly x: number;
  readonly y: number;
}

export interface ViewSlice {
  /** The position whose row or bracket is pointed at or focused. */
  readonly hovered: PositionId | undefined;
  /** The position whose footprint stays. */
  readonly pinned: PositionId | undefined;
  /** Where the film is pointed at. */
  readonly point: FilmPoint | undefined;
  /** How strongly a footprint is drawn, 0 to 1. */
  readonly opacity: number;
  readonly tableShown: boolean;
  hover(id: PositionId | undefined): void;
  /** Pins a position, or lets it go if it is the one pinned. */
  togglePin(id: PositionId): void;
  unpin(): void;
  pointAt(point: FilmPoint | undefined): void;
  setOpacity(opacity: number): void;
  toggleTable(): void;
}

export const createViewSlice: SliceCreator<ViewSlice> = (set) => ({
  hovered: undefined,
  pinned: undefined,
  point: undefined,
  opacity: 0.5,
  tableShown: false,
  hover: (hovered) => set({ hovered }),
  // The last word counts: a key is not overruled by a pointer that happens to rest on another row.
  togglePin: (id) => set(({ pinned }) => ({ pinned: pinned === id ? undefined : id, hovered: undefined })),
  unpin: () => set({ pinned: undefined, hovered: undefined }),
  pointAt: (point) => set({ point }),
  setOpacity: (opacity) => set({ opacity: Math.min(1, Math.max(0, opacity)) }),
  toggleTable: () => set(({ tableShown }) => ({ tableShown: !tableShown })),
});

/** The position whose footprint is drawn: what is pointed at now, else what is pinned. */
export function shownPosition({ hovered, pinned }: Pick<ViewSlice, 'hovered' | 'pinned'>): PositionId | undefined {
  return hovered ?? pinned;
}
