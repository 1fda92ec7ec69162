import { AppError } from '../errors.js';
import { divideToEightBits, greyNotes, luma, overBlack } from './grey.js';
import type { Grey } from './grey.js';
import type { PngHeader, PngParts } from './png-chunks.js';
import { readPngRows } from './png-rows.js';

/** Grey values of a row's pixels, from its samples (`count * channels`), and what was seen on the way. */
type ToGrey = (samples: Uint8Array | Uint16Array, count: number, grey: Uint8Array | Uint16Array, seen: Seen) => void;

interface Seen {
  isColour: boolean;
  isTransparent: boolean;
}

/**
 * Decodes the image data of a PNG to 8-bit grey.
 *
 * @throws AppError `TRUNCATED`, `CORRUPT`.
 */
export function decodePngGrey(parts: PngParts): Grey {
  const { header } = parts;
  const is16 = header.depth === 16;
  const array = (length: number): Uint8Array | Uint16Array => (is16 ? new Uint16Array(length) : new Uint8Array(length));
  const pixels = array(header.width * header.height);
  const samples = array(header.width * header.channels);
  const grey = array(header.width);
  const seen: Seen = { isColour: false, isTransparent: false };
  const toGrey = greyReader(parts);
  readPngRows(header, parts.data, (row, { x, y, step, count }) => {
    unpack(row, header.depth, samples, count * header.channels);
    toGrey(samples, count, grey, seen);
    let at = y * header.width + x;
    if (step === 1) pixels.set(grey.subarray(0, count), at);
    else for (let i = 0; i < count; i++, at += step) pixels[at] = grey[i]!;
  });
  const notes = greyNotes(seen.isColour, seen.isTransparent);
  if (pixels instanceof Uint8Array) return { pixels, notes };
  const divided = divideToEightBits(pixels);
  return { pixels: divided.pixels, notes: [...divided.notes, ...notes] };
}

/** Bytes of a row to samples: big-endian 16 bits, or fields of 1, 2, 4 bits, the leftmost pixel in the high bits. */
function unpack(row: Uint8Array, depth: PngHeader['depth'], samples: Uint8Array | Uint16Array, count: number): void {
  if (depth === 8) samples.set(row);
  else if (depth === 16) for (let i = 0; i < count; i++) samples[i] = (row[2 * i]! << 8) | row[2 * i + 1]!;
  else {
    const perByte = 8 / depth;
    const mask = (1 << depth) - 1;
    for (let i = 0; i < count; i++) samples[i] = (row[Math.floor(i / perByte)]! >> (8 - depth * ((i % perByte) + 1))) & mask;
  }
}

function greyReader(parts: PngParts): ToGrey {
  switch (parts.header.colour) {
    case 0:
      return greyTable(parts);
    case 3:
      return paletteTable(parts);
    case 4:
      return greyAlpha(parts.header.depth === 16 ? 65535 : 255);
    case 2:
    case 6:
      return colour(parts);
  }
}

/** Grey: below eight bits scaled to 0-255; the value that tRNS names is transparent, so black. */
function greyTable({ header: { depth }, transparency }: PngParts): ToGrey {
  const scale = depth < 8 ? 255 / ((1 << depth) - 1) : 1;
  const [key] = transparentKey(transparency, 1) ?? [];
  return (samples, count, grey, seen) => {
    for (let i = 0; i < count; i++) {
      const value = samples[i]!;
      if (value === key) seen.isTransparent = true;
      grey[i] = value === key ? 0 : value * scale;
    }
  };
}

function paletteTable({ palette, transparency }: PngParts): ToGrey {
  const entries = Math.min(256, (palette?.length ?? 0) / 3);
  const table = new Uint8Array(entries);
  const marks = new Uint8Array(entries);
  for (let i = 0; i < entries; i++) {
    const alpha = transparency?.[i] ?? 255;
    const [red, green, blue] = [palette?.[3 * i] ?? 0, palette?.[3 * i + 1] ?? 0, palette?.[3 * i + 2] ?? 0];
    table[i] = luma(overBlack(red, alpha, 255), overBlack(green, alpha, 255), overBlack(blue, alpha, 255));
    marks[i] = (red !== green || green !== blue ? 1 : 0) | (alpha < 255 ? 2 : 0);
  }
  return (samples, count, grey, seen) => {
    let marked = 0;
    for (let i = 0; i < count; i++) {
      const index = samples[i]!;
      if (index >= entries)
        throw new AppError('CORRUPT', `A pixel has colour ${index} of a palette of ${entries}.`, { format: 'png', index });
      grey[i] = table[index]!;
      marked |= marks[index]!;
    }
    if (marked & 1) seen.isColour = true;
    if (marked & 2) seen.isTransparent = true;
  };
}

function greyAlpha(max: 255 | 65535): ToGrey {
  return (samples, count, grey, seen) => {
    for (let i = 0; i < count; i++) {
      const alpha = samples[2 * i + 1]!;
      if (alpha !== max) seen.isTransparent = true;
      grey[i] = overBlack(samples[2 * i]!, alpha, max);
    }
  };
}

function colour({ header: { channels, depth }, transparency }: PngParts): ToGrey {
  const max = depth === 16 ? 65535 : 255;
  const key = channels === 3 ? transparentKey(transparency, 3) : undefined;
  return (samples, count, grey, seen) => {
    for (let i = 0, at = 0; i < count; i++, at += channels) {
      const red = samples[at]!;
      const green = samples[at + 1]!;
      const blue = samples[at + 2]!;
      let alpha = channels === 4 ? samples[at + 3]! : max;
      if (key && red === key[0] && green === key[1] && blue === key[2]) alpha = 0;
      if (red !== green || green !== blue) seen.isColour = true;
      if (alpha === max) grey[i] = luma(red, green, blue);
      else {
        seen.isTransparent = true;
        grey[i] = luma(overBlack(red, alpha, max), overBlack(green, alpha, max), overBlack(blue, alpha, max));
      }
    }
  };
}

/** The colour that tRNS makes transparent in a film without alpha: one 16-bit number a channel. */
function transparentKey(transparency: Uint8Array | undefined, channels: number): number[] | undefined {
  if (!transparency) return undefined;
  if (transparency.length !== 2 * channels)
    throw new AppError('CORRUPT', `The chunk tRNS has ${transparency.length} bytes instead of ${2 * channels}.`, {
      format: 'png',
    });
  return Array.from({ length: channels }, (_, i) => (transparency[2 * i]! << 8) | transparency[2 * i + 1]!);
}
