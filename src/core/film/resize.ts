import type { GreyFilm } from './grey-film.js';

/** Pillow's fixed point for 8-bit channels: `32 - 8 - 2` fraction bits leave room for the sum's sign and overshoot. */
const FRACTION_BITS = 22;
const HALF = 1 << (FRACTION_BITS - 1);
/** Bicubic reaches two pixels to each side before it is stretched by the shrink factor. */
const SUPPORT = 2;
const A = -0.5;

/** For each output pixel the input pixels `[first, first + count)` it is made of; weights `taps` apart, in fixed point. */
interface Weights {
  readonly taps: number;
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly weights: Int32Array;
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
  const first = new Int32Array(to);
  const count = new Int32Array(to);
  const weights = new Int32Array(to * taps);
  const row = new Float64Array(taps);
  const inverse = 1 / filterScale;
  for (let out = 0; out < to; out++) {
    const centre = (out + 0.5) * scale;
    const low = Math.max(Math.trunc(centre - support + 0.5), 0);
    const length = Math.min(Math.trunc(centre + support + 0.5), from) - low;
    let sum = 0;
    for (let i = 0; i < length; i++) sum += row[i] = bicubic((i + low - centre + 0.5) * inverse);
    for (let i = 0; i < length; i++) {
      const weight = (sum === 0 ? row[i]! : row[i]! / sum) * (1 << FRACTION_BITS);
      weights[out * taps + i] = Math.trunc(weight < 0 ? weight - 0.5 : weight + 0.5);
    }
    first[out] = low;
    count[out] = length;
  }
  return { taps, first, count, weights };
}

function clip(sum: number): number {
  const value = sum >> FRACTION_BITS;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

/**
 * Resizes 8-bit grey exactly as `Image.resize((outWidth, outHeight))` of Pillow 13 does by default: bicubic with a = -0.5,
 * stretched by the shrink factor, rows first and then columns, each pass rounded and clipped to eight bits. Only a film that
 * loses far more rows than columns goes columns first (`columnsComeFirst`).
 *
 * @param pixels - `width * height` values, row by row.
 * @returns `outWidth * outHeight` values; a copy where the size is the same.
 */
export function resizePillow(pixels: Uint8Array, width: number, height: number, outWidth: number, outHeight: number): Uint8Array {
  if (outWidth === width && outHeight === height) return pixels.slice();
  if (outHeight === height) return alongRows(pixels, width, 0, height, outWidth);
  const vertical = weightsFor(height, outHeight);
  if (outWidth === width) return alongColumns(pixels, width, 0, vertical);
  if (columnsComeFirst(width, height, outWidth, outHeight))
    return alongRows(alongColumns(pixels, width, 0, vertical), width, 0, outHeight, outWidth);
  const top = vertical.first[0]!;
  const bottom = vertical.first[outHeight - 1]! + vertical.count[outHeight - 1]!;
  return alongColumns(alongRows(pixels, width, top, bottom, outWidth), outWidth, top, vertical);
}

/**
 * The order of the passes in Pillow 13, found by trying sizes on both sides of the border: columns first where the height
 * shrinks by more than twice what the width shrinks by. Earlier versions always take rows first; up to one grey level
 * differs, and only for films more than about twice as high as wide.
 */
function columnsComeFirst(width: number, height: number, outWidth: number, outHeight: number): boolean {
  return height - outHeight > 2 * Math.max(width - outWidth, 0);
}

/** The horizontal pass over the rows `[top, bottom)`. Four rows go together, so that each weight is fetched once for four pixels. */
function alongRows(pixels: Uint8Array, width: number, top: number, bottom: number, outWidth: number): Uint8Array {
  const { taps, first, count, weights } = weightsFor(width, outWidth);
  const out = new Uint8Array((bottom - top) * outWidth);
  for (let y = top; y < bottom; y += 4) {
    // At the bottom the last row stands in for the ones that are missing; what it gives for them is dropped.
    const row0 = y * width;
    const row1 = Math.min(y + 1, bottom - 1) * width;
    const row2 = Math.min(y + 2, bottom - 1) * width;
    const row3 = Math.min(y + 3, bottom - 1) * width;
    const rows = Math.min(4, bottom - y);
    for (let x = 0; x < outWidth; x++) {
      const from = first[x]!;
      const end = from + count[x]!;
      let sum0 = HALF;
      let sum1 = HALF;
      let sum2 = HALF;
      let sum3 = HALF;
      for (let i = from, at = x * taps; i < end; i++, at++) {
        const weight = weights[at]!;
        sum0 = (sum0 + Math.imul(pixels[row0 + i]!, weight)) | 0;
        sum1 = (sum1 + Math.imul(pixels[row1 + i]!, weight)) | 0;
        sum2 = (sum2 + Math.imul(pixels[row2 + i]!, weight)) | 0;
        sum3 = (sum3 + Math.imul(pixels[row3 + i]!, weight)) | 0;
      }
      const to = (y - top) * outWidth + x;
      out[to] = clip(sum0);
      if (rows > 1) out[to + outWidth] = clip(sum1);
      if (rows > 2) out[to + 2 * outWidth] = clip(sum2);
      if (rows > 3) out[to + 3 * outWidth] = clip(sum3);
    }
  }
  return out;
}

/** The vertical pass; `rows` begins with row `top` of the film. */
function alongColumns(rows: Uint8Array, width: number, top: number, { taps, first, count, weights }: Weights): Uint8Array {
  const outHeight = first.length;
  const out = new Uint8Array(outHeight * width);
  const sums = new Int32Array(width);
  for (let y = 0; y < outHeight; y++) {
    sums.fill(HALF);
    for (let i = 0; i < count[y]!; i++) {
      const weight = weights[y * taps + i]!;
      const from = (first[y]! + i - top) * width;
      for (let x = 0; x < width; x++) sums[x] = sums[x]! + Math.imul(rows[from + x]!, weight);
    }
    for (let x = 0; x < width; x++) out[y * width + x] = clip(sums[x]!);
  }
  return out;
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
