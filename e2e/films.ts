import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { encode } from 'fast-png';
import { crc32 } from '../src/core/crc32.js';
import { drawPhantom, encodePng, type PhantomOptions } from '../src/core/film/phantom.js';

const FIXTURES = fileURLToPath(new URL('../src/core/film/fixtures/films/', import.meta.url));

/** A file to be given to the page, as Playwright takes it. */
export interface Film {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** A phantom drawn for the test as an 8-bit PNG. */
export function phantom(name: string, options: Partial<PhantomOptions> = {}): Film {
  const film = drawPhantom({ width: 320, height: 300, opacity: false, ...options });
  return file(name, encodePng(film));
}

/** A phantom with the 12-bit greys of a flat panel, in 16 bits. */
export function phantom16(name: string): Film {
  const { facts, pixels } = drawPhantom({ width: 320, height: 300, opacity: true, seed: 3 });
  const data = Uint16Array.from(pixels, (grey, i) => grey * 16 + (i % 13));
  return file(name, encode({ width: facts.width, height: facts.height, channels: 1, depth: 16, data }));
}

/** One of the small films, made from the phantom, on which the decoders are tested. */
export function fixtureFilm(name: string): Film {
  return file(name, readFileSync(FIXTURES + name));
}

/** A film whose end is missing. */
export function cut(film: Film, share: number): Film {
  return {
    ...film,
    name: `${Math.round(100 * share)}-percent-of-${film.name}`,
    buffer: film.buffer.subarray(0, share * film.buffer.length),
  };
}

/** A PNG that says it is of this size, whatever it holds. */
export function declaring(name: string, width: number, height: number): Film {
  const { buffer } = phantom(name);
  buffer.writeUInt32BE(width, 16);
  buffer.writeUInt32BE(height, 20);
  buffer.writeUInt32BE(crc32(buffer.subarray(12, 29)), 29);
  return { name, mimeType: 'image/png', buffer };
}

export function file(name: string, bytes: Uint8Array, mimeType = 'image/png'): Film {
  return { name, mimeType, buffer: Buffer.from(bytes) };
}
