import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { decodeFilm } from './decode.js';
import type { GreyFilm } from './grey-film.js';
import { OPACITY } from './phantom-anatomy.js';
import { drawPhantom, encodePng } from './phantom.js';
import { testCodecs } from './testing/codecs.js';

const FIXTURE = fileURLToPath(new URL('./fixtures/phantom.png', import.meta.url));

function meanAt(film: GreyFilm, u: number, v: number, half = 0.02): number {
  const { width, height } = film.facts;
  let sum = 0;
  let count = 0;
  for (let y = Math.floor((v - half) * height); y < (v + half) * height; y++)
    for (let x = Math.floor((u - half) * width); x < (u + half) * width; x++, count++) sum += film.pixels[y * width + x]!;
  return sum / count;
}

describe('the phantom', () => {
  const clear = drawPhantom({ opacity: false });
  const opaque = drawPhantom({ opacity: true });

  it('has the size asked for, 1024 x 1024 by default', () => {
    expect(clear.facts).toEqual({ format: 'png', width: 1024, height: 1024, notes: [] });
    expect(clear.pixels).toHaveLength(1024 * 1024);
    expect(drawPhantom({ width: 64, height: 48, opacity: false }).pixels).toHaveLength(64 * 48);
  });

  it('has the same bytes in every engine and from run to run', () => {
    const digests = [clear, opaque].map(({ pixels }) => bytesToHex(sha256(pixels)).slice(0, 32));
    expect(digests).toEqual(DIGESTS);
  });

  it('has the heart and the gastric bubble at the image right, dark lungs, a bright abdomen', () => {
    const [lung, heart, abdomen, outside] = [
      meanAt(clear, 0.27, 0.35),
      meanAt(clear, 0.62, 0.65),
      meanAt(clear, 0.3, 0.85),
      meanAt(clear, 0.1, 0.03),
    ];
    expect(outside).toBeLessThan(20);
    expect(lung).toBeLessThan(110);
    expect(heart).toBeGreaterThan(lung + 70);
    expect(meanAt(clear, 0.38, 0.65)).toBeLessThan(heart - 60);
    expect(abdomen).toBeGreaterThan(180);
    expect(meanAt(clear, 0.69, 0.82)).toBeLessThan(abdomen - 60);
    expect(meanAt(clear, 0.31, 0.82)).toBeGreaterThan(abdomen - 20);
  });

  it('differs with the opacity only around it, where it is brighter', () => {
    expect(meanAt(opaque, OPACITY.u, OPACITY.v)).toBeGreaterThan(meanAt(clear, OPACITY.u, OPACITY.v) + 15);
    const { width } = clear.facts;
    let elsewhere = 0;
    clear.pixels.forEach((value, index) => {
      const [x, y] = [(index % width) / width, index / width / 1024];
      const near = Math.abs(x - OPACITY.u) < 2 * OPACITY.across && Math.abs(y - OPACITY.v) < 2 * OPACITY.down;
      if (!near && value !== opaque.pixels[index]) elsewhere++;
    });
    expect(elsewhere).toBe(0);
  });

  it('differs with the seed', () => {
    const draw = (seed: number): Uint8Array => drawPhantom({ width: 64, height: 64, opacity: false, seed }).pixels;
    expect(draw(1)).toEqual(draw(1));
    expect(draw(2)).not.toEqual(draw(1));
  });

  it('comes back from its PNG as it was, and is the source of the fixtures', async () => {
    const film = drawPhantom({ width: 203, height: 171, opacity: true });
    const png = encodePng(film);
    if (process.env['WRITE_FIXTURES'] !== undefined) {
      mkdirSync(fileURLToPath(new URL('./fixtures', import.meta.url)), { recursive: true });
      writeFileSync(FIXTURE, png);
    }
    expect(await decodeFilm(png, testCodecs())).toEqual(film);
    expect(await decodeFilm(new Uint8Array(readFileSync(FIXTURE)), testCodecs())).toEqual(film);
  });
});

/** First half of SHA-256 over the pixels: clear, with opacity. */
const DIGESTS = ['2eeda3dbdacf53736c6931172fcbffbc', '33c72a7e26f4337a6c7aae76d167f8bc'];
