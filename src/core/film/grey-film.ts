import type { FilmFacts } from '../result.js';

/** A decoded film: upright, 8-bit grey, row by row, `pixels.length === facts.width * facts.height`. */
export interface GreyFilm {
  readonly facts: FilmFacts;
  readonly pixels: Uint8Array;
}

/** Eight-bit RGBA, row by row, as the WebAssembly codecs return it. */
export interface RgbaImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray | Uint8Array;
}

/** The WebAssembly codecs, the same code in page and Node; where their binaries come from is the edge's business. */
export interface Codecs {
  jpeg(bytes: Uint8Array): Promise<RgbaImage>;
  webp(bytes: Uint8Array): Promise<RgbaImage>;
}
