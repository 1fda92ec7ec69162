import { startKernels, type Kernels } from '../simd/kernels.js';
import type { GreyFilm } from './grey-film.js';

/** Pillow's fixed point for 8-bit channels: `32 - 8 - 2` fraction bits leave room for the sum's sign and overshoot. */
const FRACTION_BITS = 22;
/** Bicubic reaches two pixels to each side before it is stretched by the shrink factor. */
const SUPPORT = 2;
const A = -0.5;

/** Taps that go together; of each the high part of its weight, then the low parts of all (kernels.wat). */
const BLOCK = 8;
const LOW_BITS = 11;
/** Rows that go together. */
const ROWS = 4;
/** Bytes of the film that are handed to the kernel at a time, unless four rows have more. */
const BAND_BYTES = 1 << 18;

/** For each output pixel where the input pixels begin that it is made of, and their weights, in blocks. */
interface Weights {
  readonly blocks: number;
  readonly first: Int32Array;
  readonly weights: Int16Array;
}

/** Keys' cubic with a = -0.5, as Pillow evaluates it. */
function bicubic(offset: number): number {
  const x = Math.abs(offset);
  if (x < 1) return ((A + 2) * x - (A + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * A;
  return 0;
}

/** Pillow's `precompute_coeffs` and `normalize_coeffs_8bpc` (libImaging/Resample.c) for a whole side. */
function weightsFor(from: number, to: number): Weights {
  const scale = from / to;
  const filterScale = Math.max(scale, 1);
  const support = SUPPORT * filterScale;
  const taps = Math.ceil(support) * 2 + 1;
  const blocks = Math.ceil(taps / BLOCK);
  const first = new Int32Array(to);
  const weights = new Int16Array(to * blocks * 2 * BLOCK);
  const row = new Float64Array(taps);
  const inverse = 1 / filterScale;
  for (let out = 0; out < to; out++) {
    const centre = (out + 0.5) * scale;
    const low = Math.max(Math.trunc(centre - support + 0.5), 0);
    const length = Math.min(Math.trunc(centre + support + 0.5), from) - low;
    let sum = 0;
    for (let i = 0; i < length; i++) sum += row[i] = bicubic((i + low - centre + 0.5) * inverse);
    for (let i = 0; i < length; i++) {
      const exact = (sum === 0 ? row[i]! : row[i]! / sum) * (1 << FRACTION_BITS);
      const weight = Math.trunc(exact < 0 ? exact - 0.5 : exact + 0.5);
      const at = (out * blocks + Math.floor(i / BLOCK)) * 2 * BLOCK + (i % BLOCK);
      weights[at] = weight >> LOW_BITS;
      weights[at + BLOCK] = weight & ((1 << LOW_BITS) - 1);
    }
    first[out] = low;
  }
  return { blocks, first, weights };
}

/** Copies `count` rows from row `from` on to the head of `into`. */
type CopyRows = (into: Uint8Array, from: number, count: number) => void;

/**
 * Resizes 8-bit grey exactly as `Image.resize((outWidth, outHeight))` of Pillow 13 does by default: bicubic with a = -0.5,
 * stretched by the shrink factor, rows first and then columns, each pass rounded and clipped to eight bits. Only a film that
 * loses far more rows than columns goes columns first (`columnsComeFirst`). A side that keeps its length goes through the same
 * pass, which then changes nothing.
 *
 * @param pixels - `width * height` values, row by row.
 * @returns `outWidth * outHeight` values; a copy where the size is the same.
 */
export function resizePillow(pixels: Uint8Array, width: number, height: number, outWidth: number, outHeight: number): Uint8Array {
  if (outWidth === width && outHeight === height) return pixels.slice();
  if (!columnsComeFirst(width, height, outWidth, outHeight)) {
    const copyRows: CopyRows = (into, from, count) => into.set(pixels.subarray(from * width, (from + count) * width));
    return bothPasses(copyRows, width, height, outWidth, outHeight);
  }
  const copyColumns: CopyRows = (into, from, count) => {
    for (let y = 0, at = from; y < height; y++, at += width)
      for (let x = 0; x < count; x++) into[x * height + y] = pixels[at + x]!;
  };
  return transpose(bothPasses(copyColumns, height, width, outHeight, outWidth), outHeight, outWidth);
}

/**
 * The order of the passes in Pillow 13, found by trying sizes on both sides of the border: columns first where the height
 * shrinks by more than twice what the width shrinks by. Earlier versions always take rows first; up to one grey level
 * differs, and only for films more than about twice as high as wide.
 */
function columnsComeFirst(width: number, height: number, outWidth: number, outHeight: number): boolean {
  return height - outHeight > 2 * Math.max(width - outWidth, 0);
}

let kernels: Kernels | undefined;

/** Rows first: each pass turns the picture over its diagonal, so that the second finds columns where it expects rows. */
function bothPasses(copyRows: CopyRows, width: number, height: number, outWidth: number, outHeight: number): Uint8Array {
  const across = weightsFor(width, outWidth);
  const down = weightsFor(height, outHeight);
  const [turnedStride, outStride] = [padded(height), padded(outWidth)];
  const band = Math.max(ROWS, ROWS * Math.floor(BAND_BYTES / width / ROWS));

  let end = 0;
  const room = (bytes: number): number => (end += padded(bytes)) - padded(bytes);
  const acrossAt = [room(across.first.byteLength), room(across.weights.byteLength)] as const;
  const downAt = [room(down.first.byteLength), room(down.weights.byteLength)] as const;
  // Behind its last row a pass looks as far as its blocks reach.
  const turned = room(outStride * turnedStride + down.blocks * BLOCK);
  const out = room(outHeight * outStride);
  const rows = room(Math.min(band, padded(height)) * width + across.blocks * BLOCK);
  kernels ??= startKernels();
  const memory = kernels.bytes(end);

  put(memory, acrossAt, across);
  for (let y = 0; y < height; y += band) {
    const count = Math.min(band, height - y);
    copyRows(memory.subarray(rows), y, count);
    kernels.resample(rows, width, padded(count), ...acrossAt, across.blocks, turned + y, turnedStride, outWidth);
  }
  put(memory, downAt, down);
  kernels.resample(turned, turnedStride, outStride, ...downAt, down.blocks, out, outStride, outHeight);

  const result = new Uint8Array(outWidth * outHeight);
  for (let y = 0; y < outHeight; y++)
    result.set(memory.subarray(out + y * outStride, out + y * outStride + outWidth), y * outWidth);
  return result;
}

function padded(length: number): number {
  return ROWS * Math.ceil(length / ROWS);
}

function put(
  memory: Uint8Array<ArrayBuffer>,
  [firstAt, weightsAt]: readonly [number, number],
  { first, weights }: Weights,
): void {
  new Int32Array(memory.buffer, firstAt, first.length).set(first);
  new Int16Array(memory.buffer, weightsAt, weights.length).set(weights);
}

function transpose(pixels: Uint8Array, width: number, height: number): Uint8Array {
  const turned = new Uint8Array(pixels.length);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) turned[x * height + y] = pixels[y * width + x]!;
  return turned;
}

/**
 * Squashes a film to each side in turn, whatever its shape: a pack trained on films stored at 256 states `[256, 224]`.
 *
 * @param steps - sides in pixels; the last is the model's.
 * @returns `side * side` values of the last step.
 */
export function resizeSteps(film: GreyFilm, steps: readonly number[]): Uint8Array {
  let { width, height } = film.facts;
  let { pixels } = film;
  for (const side of steps) {
    pixels = resizePillow(pixels, width, height, side, side);
    width = height = side;
  }
  return pixels;
}
