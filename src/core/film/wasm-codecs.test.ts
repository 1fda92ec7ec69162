import { describe, expect, it } from 'vitest';
import { decodeFilm } from './decode.js';
import { testCodecs } from './testing/codecs.js';
import { codeOf, fixture } from './testing/fixtures.js';
import { makeWasmCodecs } from './wasm-codecs.js';

const JPEG = fixture('films/grey.jpg');
const WEBP = fixture('films/lossy.webp');

describe('the WebAssembly codecs', () => {
  it('decode the next film after one that made them fail', async () => {
    const codecs = testCodecs();
    const [jpeg, webp] = [await decodeFilm(JPEG, codecs), await decodeFilm(WEBP, codecs)];
    for (let round = 0; round < 3; round++) {
      // Past our own checks, straight to the codec: no image data, half an image, no JPEG at all.
      expect(await codeOf(codecs.jpeg(JPEG.subarray(0, 100)))).toBe('TRUNCATED');
      expect(await codeOf(codecs.jpeg(JPEG.subarray(0, JPEG.length - 400)))).toBe('TRUNCATED');
      expect(await codeOf(codecs.jpeg(new TextEncoder().encode('hello')))).toBe('CORRUPT');
      expect(await codeOf(codecs.webp(WEBP.subarray(0, WEBP.length - 400)))).toBe('CORRUPT');
      expect(await decodeFilm(JPEG, codecs)).toEqual(jpeg);
      expect(await decodeFilm(WEBP, codecs)).toEqual(webp);
    }
  });

  it('keep their memory over a thousand films, good and bad', async () => {
    const codecs = testCodecs();
    const collect = (globalThis as { gc?: () => void }).gc;
    const memory = (): number => {
      collect?.();
      const { external, arrayBuffers } = process.memoryUsage();
      return external + arrayBuffers;
    };
    for (let i = 0; i < 50; i++) await codecs.jpeg(JPEG);
    const before = memory();
    for (let i = 0; i < 1_000; i++) {
      await codecs.jpeg(JPEG);
      if (i % 10 === 0) {
        await codeOf(codecs.jpeg(JPEG.subarray(0, JPEG.length - 400)));
        await codecs.webp(WEBP);
      }
    }
    expect(memory() - before).toBeLessThan(150_000_000);
  }, 60_000);

  it('fetch their binary anew after it did not load', async () => {
    let calls = 0;
    const load = (): Promise<never> => Promise.reject(new TypeError(`offline ${++calls}`));
    const codecs = makeWasmCodecs({ jpeg: load, webp: load });
    expect(await codeOf(codecs.jpeg(JPEG))).toBe('DOWNLOAD_FAILED');
    expect(await codeOf(codecs.jpeg(JPEG))).toBe('DOWNLOAD_FAILED');
    expect(calls).toBe(2);
  });

  it('serve films that come at the same time', async () => {
    const codecs = testCodecs();
    const films = await Promise.all(Array.from({ length: 5 }, () => decodeFilm(JPEG, codecs)));
    for (const film of films) expect(film).toEqual(films[0]);
  });
});
