import type { FilmNote } from '../result.js';
import { startKernels, type Kernels } from '../simd/kernels.js';
import type { RgbaImage } from './grey-film.js';

/** Grey values with what was done to get them. */
export interface Grey {
  readonly pixels: Uint8Array;
  readonly notes: readonly FilmNote[];
}

/** Luma as Pillow's `convert("L")` has it; for 8 as well as 16 bits a channel. */
export function luma(red: number, green: number, blue: number): number {
  return (19595 * red + 38470 * green + 7471 * blue + 32768) >>> 16;
}

/** A value laid over black: `value * alpha / max`, rounded to the nearest (a tie cannot be: `max` is odd). */
export function overBlack(value: number, alpha: number, max: 255 | 65535): number {
  return Math.floor((value * alpha) / max + 0.5);
}

/** Pixels that the kernel is handed at a time. */
const BAND = 1 << 16;

let kernels: Kernels | undefined;

/**
 * RGBA to grey: laid over black channel by channel, then luma.
 *
 * @param image - `width * height * 4` bytes that begin at a multiple of four; alpha is not premultiplied.
 */
export function greyOfRgba({ width, height, data }: RgbaImage): Grey {
  const pixels = new Uint8Array(width * height);
  kernels ??= startKernels();
  const memory = kernels.bytes(5 * BAND);
  let seen = 0;
  for (let at = 0; at < pixels.length; at += BAND) {
    const count = Math.min(BAND, pixels.length - at);
    memory.set(data.subarray(4 * at, 4 * (at + count)));
    // Up to a multiple of sixteen the last pixel stands in.
    const whole = 16 * Math.ceil(count / 16);
    for (let i = 4 * count; i < 4 * whole; i++) memory[i] = memory[i - 4]!;
    seen |= kernels.reds(0, whole, 4 * BAND);
    // Most films are grey, and then any channel is the luma.
    pixels.set(memory.subarray(4 * BAND, 4 * BAND + count), at);
  }
  const isColour = (seen & 1) !== 0;
  const isTransparent = (seen & 2) !== 0;
  if (isTransparent) layOverBlack(pixels, data);
  else if (isColour) mixChannels(pixels, data);
  return { pixels, notes: greyNotes(isColour, isTransparent) };
}

function mixChannels(pixels: Uint8Array, data: RgbaImage['data']): void {
  // A pixel at a time, red in the low byte: every machine that WebAssembly runs on stores the low byte first.
  const words = new Int32Array(data.buffer, data.byteOffset, pixels.length);
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    pixels[i] = luma(word & 255, (word >> 8) & 255, (word >> 16) & 255);
  }
}

function layOverBlack(pixels: Uint8Array, data: RgbaImage['data']): void {
  for (let i = 0, at = 0; i < pixels.length; i++, at += 4) {
    const alpha = data[at + 3]!;
    pixels[i] = luma(
      overBlack(data[at]!, alpha, 255),
      overBlack(data[at + 1]!, alpha, 255),
      overBlack(data[at + 2]!, alpha, 255),
    );
  }
}

/** The notes for a film whose channels really differed, or that really was transparent somewhere. */
export function greyNotes(isColour: boolean, isTransparent: boolean): FilmNote[] {
  const notes: FilmNote[] = [];
  if (isTransparent) notes.push({ kind: 'alpha-over-black' });
  if (isColour) notes.push({ kind: 'colour-to-grey' });
  return notes;
}

const FULL_SCALES = [255, 1023, 4095, 16383, 65535] as const;

/**
 * Sixteen-bit values to eight bits. The file does not say how many of its bits the detector used, so full scale M is the
 * smallest of 255, 1023, 4095, 16383, 65535 that is not below the largest value, and grey is `v * 255 / M` rounded to the
 * nearest (a tie cannot be: M is odd).
 */
export function divideToEightBits(values: Uint16Array): Grey {
  let largest = 0;
  for (const value of values) if (value > largest) largest = value;
  const by = FULL_SCALES.find((scale) => scale >= largest) ?? 65535;
  const table = new Uint8Array(largest + 1);
  for (let v = 0; v <= largest; v++) table[v] = Math.floor((v * 255) / by + 0.5);
  const pixels = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) pixels[i] = table[values[i]!]!;
  return { pixels, notes: [{ kind: 'divided', by, largest }] };
}
