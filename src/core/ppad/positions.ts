import { POSITION_IDS, type PositionId } from '../result.js';

/** A rectangle of the film as fractions of its height and width, `[from, to)`, rows from the top and columns from the left. */
export interface Region {
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
}

/** Patches of a column and of a row. */
export type Grid = readonly [rows: number, columns: number];

/** PPAD's five positions on its canvas of 224 x 224 pixels (ppad.md section 3), by side of the image, in the method's order. */
export const REGIONS: readonly Region[] = [
  { rows: [0, 1], columns: [0, 112 / 224] },
  { rows: [0, 1], columns: [112 / 224, 1] },
  { rows: [0, 120 / 224], columns: [0, 1] },
  { rows: [120 / 224, 1], columns: [0, 1] },
  { rows: [0, 1], columns: [0, 1] },
];

/** Fractions are doubles: what overlaps a patch by less than this part of it only does so by rounding. */
const ROUNDING = 1e-6;

/** Whole patches `[from, to)` of `count` that `[from, to)` of the side touches. */
function span([from, to]: readonly [number, number], count: number): readonly [number, number] {
  return [Math.max(0, Math.floor(from * count + ROUNDING)), Math.min(count, Math.ceil(to * count - ROUNDING))];
}

/** The patch mask of a region, `[rows * columns]` row-major: 1 for a patch of which any part lies in the region, else 0. */
export function patchMask([gridRows, gridColumns]: Grid, { rows, columns }: Region): Float32Array {
  const mask = new Float32Array(gridRows * gridColumns);
  const [top, bottom] = span(rows, gridRows);
  const [left, right] = span(columns, gridColumns);
  for (let row = top; row < bottom; row++) mask.fill(1, row * gridColumns + left, row * gridColumns + right);
  return mask;
}

/** The patch masks of all regions as the graph's input `patch_mask`, `[regions, rows * columns, 1]`. */
export function patchMasks(
  grid: Grid,
  regions: readonly Region[],
): { readonly dims: readonly number[]; readonly data: Float32Array } {
  const patches = grid[0] * grid[1];
  const data = new Float32Array(regions.length * patches);
  regions.forEach((region, i) => data.set(patchMask(grid, region), i * patches));
  return { dims: [regions.length, patches, 1], data };
}

/** What the model really sees of a region: the union of its patches, which is as large as the region or larger. */
export function footprint([gridRows, gridColumns]: Grid, { rows, columns }: Region): Region {
  const [top, bottom] = span(rows, gridRows);
  const [left, right] = span(columns, gridColumns);
  return { rows: [top / gridRows, bottom / gridRows], columns: [left / gridColumns, right / gridColumns] };
}

/**
 * The positions whose footprint holds the point `x` from the left, `y` from the top, in fractions of the film; none outside it.
 *
 * @param regions one for each of `POSITION_IDS`.
 */
export function positionsAt(grid: Grid, regions: readonly Region[], x: number, y: number): readonly PositionId[] {
  const inside = (value: number, [from, to]: readonly [number, number]): boolean =>
    value >= from && (value < to || (to === 1 && value === 1));
  return POSITION_IDS.filter((_, i) => {
    const region = regions[i];
    if (!region) return false;
    const { rows, columns } = footprint(grid, region);
    return inside(y, rows) && inside(x, columns);
  });
}
