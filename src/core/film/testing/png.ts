import { zlibSync } from 'fflate';
import { crc32 } from '../../crc32.js';
import { concat } from './fixtures.js';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

export function u32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

export function chunk(type: string, body: Uint8Array | readonly number[]): Uint8Array<ArrayBuffer> {
  const named = concat(
    [...type].map((letter) => letter.charCodeAt(0)),
    body,
  );
  return concat(u32(body.length), named, u32(crc32(named)));
}

export interface PngParts {
  readonly width: number;
  readonly height: number;
  readonly depth?: number;
  readonly colour?: number;
  readonly before?: Uint8Array;
  /** Uncompressed rows, filter bytes and all. */
  readonly raw?: Uint8Array;
  readonly data?: Uint8Array;
}

/** A PNG of our making, to be wrong in just one way. */
export function makePng({ width, height, depth = 8, colour = 0, before, raw, data }: PngParts): Uint8Array<ArrayBuffer> {
  const body = data ?? zlibSync(raw ?? new Uint8Array(height * (width + 1)));
  const header = chunk('IHDR', [...u32(width), ...u32(height), depth, colour, 0, 0, 0]);
  return concat(SIGNATURE, header, before ?? [], chunk('IDAT', body), chunk('IEND', []));
}
