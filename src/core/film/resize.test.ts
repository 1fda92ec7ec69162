import { decode as fastPngDecode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { drawPhantom } from './phantom.js';
import { resizePillow, resizeSteps } from './resize.js';
import { RESIZE_FIXTURES, fixture } from './testing/fixtures.js';

function crop(
  pixels: ArrayLike<number>,
  stride: number,
  [x, y, width, height]: (typeof RESIZE_FIXTURES)[number]['crop'],
): Uint8Array {
  return Uint8Array.from({ length: width * height }, (_, i) => pixels[(y + Math.floor(i / width)) * stride + x + (i % width)]!);
}

describe("resizing equals Pillow's to the last grey level", () => {
  it.each(RESIZE_FIXTURES)('$file', ({ file, source, crop: box, steps }) => {
    const film = fastPngDecode(fixture(source));
    const golden = fastPngDecode(fixture(`resize/${file}`));
    let pixels = crop(film.data, film.width, box);
    let [, , width, height] = box;
    for (const [toWidth, toHeight] of steps) {
      pixels = resizePillow(pixels, width, height, toWidth, toHeight);
      [width, height] = [toWidth, toHeight];
    }
    expect([golden.width, golden.height]).toEqual([width, height]);
    expect(pixels).toEqual(new Uint8Array(golden.data));
  });
});

describe('resizeSteps', () => {
  it('squashes to each side in turn, which is not the same as at once', () => {
    const golden = fastPngDecode(fixture('resize/stored-at-256.png'));
    const film = drawPhantom({ width: 203, height: 171, opacity: true });
    expect(resizeSteps(film, [256, 224])).toEqual(new Uint8Array(golden.data));
    expect(resizeSteps(film, [224])).not.toEqual(new Uint8Array(golden.data));
  });

  it('leaves the film as it was', () => {
    const film = drawPhantom({ width: 64, height: 64, opacity: false });
    const before = film.pixels.slice();
    const same = resizeSteps(film, [64]);
    expect(same).toEqual(before);
    same.fill(0);
    expect(film.pixels).toEqual(before);
  });

  it('takes a 2-megapixel film to 224 in a moment', () => {
    const film = drawPhantom({ width: 1600, height: 1300, opacity: false });
    const times = Array.from({ length: 7 }, () => {
      const start = performance.now();
      resizeSteps(film, [224]);
      return performance.now() - start;
    });
    // Some 10 ms on an idle core; the bound is for a loaded one.
    expect(Math.min(...times)).toBeLessThan(100);
  }, 20_000);
});
