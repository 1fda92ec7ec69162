import { decode as fastPngDecode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { decodeFilm } from './decode.js';
import { FILM_FIXTURES, codeOf, fixture } from './testing/fixtures.js';
import { testCodecs } from './testing/codecs.js';

const codecs = testCodecs();

describe('films of each kind become the grey that Pillow sees', () => {
  it.each(FILM_FIXTURES)('$file', async ({ file, off, notes }) => {
    const film = await decodeFilm(fixture(`films/${file}`), codecs);
    const golden = fastPngDecode(fixture(`films/${file}.golden.png`));
    expect([film.facts.width, film.facts.height]).toEqual([golden.width, golden.height]);
    expect([golden.depth, golden.channels]).toEqual([8, 1]);
    expect(film.pixels).toHaveLength(golden.data.length);
    const largest = film.pixels.reduce((most, value, at) => Math.max(most, Math.abs(value - golden.data[at]!)), 0);
    expect(largest).toBeLessThanOrEqual(off);
    expect(film.facts.notes).toEqual(notes);
    expect(film.facts.format).toBe(file.endsWith('.jpg') ? 'jpeg' : file.split('.').at(-1));
  });

  it('covers every colour type and depth of PNG, and all orientations', () => {
    expect(FILM_FIXTURES.filter(({ file }) => file.endsWith('.png')).length).toBeGreaterThan(35);
    expect(FILM_FIXTURES.filter(({ file }) => /^exif-\d.jpg/.test(file))).toHaveLength(8);
  });
});

describe('decodeFilm', () => {
  it('reads a film that lies inside a larger buffer', async () => {
    for (const file of ['grey16.png', 'grey.jpg', 'lossy.webp']) {
      const bytes = fixture(`films/${file}`);
      const larger = new Uint8Array(bytes.length + 50).fill(0xff);
      larger.set(bytes, 21);
      expect(await decodeFilm(larger.subarray(21, 21 + bytes.length), codecs)).toEqual(await decodeFilm(bytes, codecs));
    }
  });

  it('stops when it is told to', async () => {
    expect(await codeOf(decodeFilm(fixture('films/grey.jpg'), codecs, { signal: AbortSignal.abort() }))).toBe('ABORTED');
    const stop = new AbortController();
    const running = decodeFilm(fixture('films/grey.jpg'), codecs, { signal: stop.signal });
    stop.abort();
    expect(await codeOf(running)).toBe('ABORTED');
  });
});
