import { decode } from 'fast-png';
import fc from 'fast-check';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { distanceToOutside, synthesiseLesion, type Plane } from './synthesis.js';

const ROOT = fileURLToPath(new URL('../../../../shared/reference/synthesis/', import.meta.url));

function read(name: string): Plane {
  const { width, height, data } = decode(readFileSync(`${ROOT}${name}`));
  return { width, height, data: Uint8Array.from(data) };
}

describe.skipIf(!existsSync(ROOT))("the reference's lesions (skipped where ../shared/reference is absent)", () => {
  it('come out with the same grey values, all of them', () => {
    const cases = JSON.parse(readFileSync(`${ROOT}cases.json`, 'utf8')) as {
      film: string;
      lesion: string;
      k: number;
      out: string;
    }[];
    expect(cases).toHaveLength(16);
    for (const { film, lesion, k, out } of cases) expect(synthesiseLesion(read(film), read(lesion), k)).toEqual(read(out).data);
  });
});

describe('distances', () => {
  it('are those to the nearest pixel outside', () => {
    const plane = fc.integer({ min: 1, max: 12 }).chain((width) =>
      fc.integer({ min: 1, max: 12 }).chain((height) =>
        fc.array(fc.constantFrom(0, 1, 1, 1, 1), { minLength: width * height, maxLength: width * height }).map((values) => ({
          width,
          height,
          data: Uint8Array.from(values),
        })),
      ),
    );
    fc.assert(
      fc.property(plane, ({ width, height, data }) => {
        const brute = Array.from(data, (_, i) => {
          let nearest = Infinity;
          data.forEach((value, j) => {
            if (value !== 0) return;
            const [dx, dy] = [(i % width) - (j % width), Math.floor(i / width) - Math.floor(j / width)];
            nearest = Math.min(nearest, Math.sqrt(dx * dx + dy * dy));
          });
          return nearest;
        });
        expect([...distanceToOutside({ width, height, data })]).toEqual(brute);
      }),
      { numRuns: 200, seed: 1 },
    );
  });
});

describe('lesions', () => {
  const film = { width: 9, height: 9, data: new Uint8Array(81).fill(100) };
  const square = (from: number, to: number): Plane => ({
    ...film,
    data: film.data.map((_, i) => Number([i % 9, Math.floor(i / 9)].every((at) => at >= from && at < to))),
  });

  it('are brighter for a negative k and darker for a positive one, most in the middle, not at all at the edge', () => {
    const [bright, dark] = [-0.99, 3].map((k) => synthesiseLesion(film, square(2, 7), k));
    expect(bright![40]).toBeGreaterThan(250);
    expect(dark![40]).toBeLessThan(10);
    for (const out of [bright!, dark!]) {
      expect(out[0]).toBe(100);
      expect(out[2 * 9 + 2]).toBe(100);
      expect(Math.abs(out[3 * 9 + 3]! - 100)).toBeLessThan(Math.abs(out[40]! - 100));
    }
  });

  it('leave a film alone that they cover from edge to edge, and refuse one of another size', () => {
    expect(synthesiseLesion(film, square(0, 9), 3)).toEqual(film.data);
    expect(() => synthesiseLesion(film, { ...film, width: 8 }, 3)).toThrow(RangeError);
  });
});
