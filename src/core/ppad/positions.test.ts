import { describe, expect, it } from 'vitest';
import { POSITION_IDS } from '../result.js';
import { footprint, patchMask, patchMasks, positionsAt, REGIONS, type Grid } from './positions.js';

/** The mask's rows as strings of 0 and 1. */
function rows(grid: Grid, index: number): string[] {
  const mask = patchMask(grid, REGIONS[index]!).join('');
  return Array.from({ length: grid[0] }, (_, row) => mask.slice(row * grid[1], (row + 1) * grid[1]));
}

/** The reference's own rule: masks of pixels on a 224 canvas, a patch counts as soon as one pixel does. */
function byPixels(patches: number, index: number): number[] {
  const inside = [
    (_: number, x: number) => x < 112,
    (_: number, x: number) => x >= 112,
    (y: number) => y < 120,
    (y: number) => y >= 120,
    () => true,
  ][index]!;
  const mask = new Array<number>(patches * patches).fill(0);
  const size = 224 / patches;
  for (let y = 0; y < 224; y++)
    for (let x = 0; x < 224; x++) if (inside(y, x)) mask[Math.floor(y / size) * patches + Math.floor(x / size)] = 1;
  return mask;
}

describe('patch masks', () => {
  it.each([7, 8, 14, 16, 28, 32])('are those of the pixels on %i x %i patches', (patches) => {
    POSITION_IDS.forEach((_, i) => expect([...patchMask([patches, patches], REGIONS[i]!)]).toEqual(byPixels(patches, i)));
  });

  it('overlap by a line of patches on 7 x 7, by a row on 8 x 8', () => {
    expect(rows([7, 7], 0)[0]).toBe('1111000');
    expect(rows([7, 7], 1)[0]).toBe('0001111');
    expect(rows([8, 8], 0)[0]).toBe('11110000');
    expect(rows([8, 8], 1)[0]).toBe('00001111');
    expect(rows([8, 8], 2).map((row) => row[0])).toEqual([...'11111000']);
    expect(rows([8, 8], 3).map((row) => row[0])).toEqual([...'00001111']);
  });

  it('stack into the input of the graph', () => {
    const { dims, data } = patchMasks([7, 7], REGIONS);
    expect(dims).toEqual([5, 49, 1]);
    expect(data.reduce((sum, value) => sum + value, 0)).toBe(4 * 28 + 49);
  });
});

describe('footprints', () => {
  it('are the patches that count, larger than the halves', () => {
    expect(footprint([7, 7], REGIONS[0]!)).toEqual({ rows: [0, 1], columns: [0, 4 / 7] });
    expect(footprint([8, 8], REGIONS[3]!)).toEqual({ rows: [4 / 8, 1], columns: [0, 1] });
  });

  it.each([
    [[7, 7], 0.5, 0.5, ['left', 'right', 'upper', 'lower', 'whole']],
    [[7, 7], 0.1, 0.1, ['left', 'upper', 'whole']],
    [[8, 8], 0.5, 0.9, ['right', 'lower', 'whole']],
    [[8, 8], 1, 1, ['right', 'lower', 'whole']],
    [[8, 8], 1.01, 0.5, []],
    [[8, 8], 0.5, -0.01, []],
  ] as const)('on %j the point (%f, %f) lies in %j', (grid, x, y, ids) => {
    expect(positionsAt(grid, REGIONS, x, y)).toEqual(ids);
  });

  it('hold a point exactly where its patch counts', () => {
    for (const grid of [
      [7, 7],
      [8, 8],
      [14, 14],
    ] as const)
      for (let row = 0; row < grid[0]; row++)
        for (let column = 0; column < grid[1]; column++) {
          const found = positionsAt(grid, REGIONS, (column + 0.5) / grid[1], (row + 0.5) / grid[0]);
          const counted = POSITION_IDS.filter((_, i) => patchMask(grid, REGIONS[i]!)[row * grid[1] + column] === 1);
          expect(found).toEqual(counted);
        }
  });
});
