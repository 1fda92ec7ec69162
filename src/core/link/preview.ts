import { inflateSync } from 'fflate';
import { AppError } from '../errors.js';
import type { LinkReader } from './link-bytes.js';

/** The longer side of a preview, in pixels. */
export const PREVIEW_SIDE = 64;
/** Greys of a preview. */
export const LEVELS = 16;
/** Sixteen greys a pixel take half a byte at most, and deflate's own overhead. */
const MOST_BYTES = (PREVIEW_SIDE * PREVIEW_SIDE) / 2 + 512;

/** A tiny picture of a film: `width * height` grey levels of 0 to 15, row by row. */
export interface Preview {
  readonly width: number;
  readonly height: number;
  readonly levels: Uint8Array;
}

/** @throws AppError `LINK_INVALID`. Sizes are checked before anything is inflated. */
export function readPreview(reader: LinkReader): Preview {
  const width = reader.uint8();
  const height = reader.uint8();
  const length = reader.uint16();
  if (width < 1 || height < 1 || width > PREVIEW_SIDE || height > PREVIEW_SIDE || length > MOST_BYTES)
    throw new AppError('LINK_INVALID', `The link's preview is ${width} x ${height} in ${length} bytes.`, {
      width,
      height,
      length,
    });
  const differences = inflate(reader.bytes(length), width * height);
  const levels = new Uint8Array(differences.length);
  differences.forEach((difference, i) => {
    if (difference >= LEVELS)
      throw new AppError('LINK_INVALID', `Pixel ${i} of the link's preview is no grey level.`, { pixel: i });
    levels[i] = (predict(levels, i, width) + difference) % LEVELS;
  });
  return { width, height, levels };
}

function inflate(packed: Uint8Array, length: number): Uint8Array {
  let inflated: Uint8Array;
  try {
    // Into a buffer of its own, one byte too large: fflate never grows it, and what fills it to its end is too much.
    inflated = inflateSync(packed, { out: new Uint8Array(length + 1) });
  } catch (cause) {
    throw new AppError('LINK_INVALID', "The link's preview cannot be inflated.", {}, { cause });
  }
  if (inflated.length !== length) throw new AppError('LINK_INVALID', `The link's preview has not ${length} pixels.`);
  return inflated;
}

/** The mean of the pixels above and to the left; of what lies outside, the other; 0 at the first. */
export function predict(levels: Uint8Array, at: number, width: number): number {
  const left = at % width > 0 ? levels[at - 1] : undefined;
  const above = at >= width ? levels[at - width] : undefined;
  return ((left ?? above ?? 0) + (above ?? left ?? 0)) >> 1;
}
