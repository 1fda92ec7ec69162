import { AppError } from '../errors.js';
import { crc32 } from '../crc32.js';
import { checkDimensions } from './limits.js';

/** IHDR, checked. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly depth: 1 | 2 | 4 | 8 | 16;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha. */
  readonly colour: 0 | 2 | 3 | 4 | 6;
  readonly channels: number;
  readonly interlaced: boolean;
}

/** The parts of a PNG that its grey values come from, nothing decompressed. */
export interface PngParts {
  readonly header: PngHeader;
  readonly palette: Uint8Array | undefined;
  readonly transparency: Uint8Array | undefined;
  readonly exif: Uint8Array | undefined;
  /** All of IDAT, still compressed. */
  readonly data: Uint8Array;
}

const SIGNATURE_BYTES = 8;
/** Writers cut image data into pieces of 8 KB and more; a file of millions of pieces is made to cost time and memory. */
const MAX_CHUNKS = 100_000;
const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const;
const DEPTHS: Readonly<Record<PngHeader['colour'], readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/**
 * Walks a PNG from signature to IEND and checks the CRC of every chunk that is used. Other ancillary chunks (text, colour
 * profiles, gamma) are stepped over unread: Pillow's grey does not depend on them.
 *
 * @throws AppError `TRUNCATED` where the file ends before IEND, `CORRUPT`, `ANIMATED`, and those of `checkDimensions`.
 */
export function readPngChunks(bytes: Uint8Array): PngParts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data: Uint8Array[] = [];
  let header: PngHeader | undefined;
  let palette, transparency, exif: Uint8Array | undefined;
  let chunks = 0;
  for (let at = SIGNATURE_BYTES; ;) {
    if (++chunks > MAX_CHUNKS) throw corrupt(`The PNG is cut into more than ${MAX_CHUNKS} chunks.`, at);
    const { type, body, end } = readChunk(bytes, view, at);
    if (!header && type !== 'IHDR') throw corrupt(`A PNG begins with IHDR, this one with ${type}.`, at);
    if (type === 'IHDR') {
      if (header) throw corrupt('The PNG has two headers.', at);
      header = readHeader(body, at);
    } else if (type === 'PLTE') palette = body;
    else if (type === 'tRNS') transparency = body;
    else if (type === 'eXIf') exif = body;
    else if (type === 'acTL') refuseAnimation(body, at);
    else if (type === 'IDAT') data.push(body);
    else if (type === 'IEND') break;
    else if (isCritical(type)) throw corrupt(`The PNG needs a chunk ${type}, which is unknown.`, at);
    at = end;
  }
  if (!header || data.length === 0) throw corrupt('The PNG has no image data.', bytes.length);
  if (header.colour === 3 && !palette) throw corrupt('The PNG has no palette.', SIGNATURE_BYTES);
  if (palette && palette.length % 3 !== 0) throw corrupt('The palette is not made of threes.', SIGNATURE_BYTES);
  return { header, palette, transparency, exif, data: joined(data) };
}

/** One piece as it is, several copied together. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts;
  if (first && parts.length === 1) return first;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

interface Chunk {
  readonly type: string;
  readonly body: Uint8Array;
  readonly end: number;
}

function readChunk(bytes: Uint8Array, view: DataView, at: number): Chunk {
  if (at + 8 > bytes.length) throw truncated(bytes, at);
  const length = view.getUint32(at);
  const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
  if (!/^[A-Za-z]{4}$/.test(type)) throw corrupt('A chunk of the PNG has no name.', at);
  const end = at + 12 + length;
  if (end > bytes.length) {
    // A header that is there in full may say more than that the rest is missing.
    if (type === 'IHDR' && length === 13 && at + 21 <= bytes.length) readHeader(bytes.subarray(at + 8, at + 21), at);
    throw truncated(bytes, at);
  }
  const isUsed = isCritical(type) || type === 'tRNS' || type === 'eXIf' || type === 'acTL';
  if (isUsed && crc32(bytes.subarray(at + 4, end - 4)) !== view.getUint32(end - 4))
    throw corrupt(`The checksum of chunk ${type} is wrong.`, at);
  return { type, body: bytes.subarray(at + 8, end - 4), end };
}

function isCritical(type: string): boolean {
  return type.charCodeAt(0) < 0x60;
}

function readHeader(body: Uint8Array, at: number): PngHeader {
  if (body.length !== 13) throw corrupt(`The PNG's header has ${body.length} bytes instead of 13.`, at);
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, colour, compression, filter, interlace] = body.subarray(8) as unknown as [number, number, number, number, number];
  if (!isColour(colour) || !DEPTHS[colour].includes(depth))
    throw corrupt(`The PNG declares colour type ${colour} with ${depth} bits.`, at);
  if (compression !== 0 || filter !== 0 || interlace > 1)
    throw corrupt(`The PNG declares compression ${compression}, filter ${filter}, interlace ${interlace}.`, at);
  checkDimensions(width, height);
  return { width, height, depth: depth as PngHeader['depth'], colour, channels: CHANNELS[colour], interlaced: interlace === 1 };
}

function isColour(value: number): value is PngHeader['colour'] {
  return value in CHANNELS;
}

function refuseAnimation(body: Uint8Array, at: number): void {
  if (body.length < 8) throw corrupt('The chunk acTL is too short.', at);
  const frames = new DataView(body.buffer, body.byteOffset).getUint32(0);
  if (frames > 1) throw new AppError('ANIMATED', `The PNG is an animation of ${frames} frames.`, { frames });
}

function corrupt(message: string, offset: number): AppError {
  return new AppError('CORRUPT', message, { format: 'png', offset });
}

function truncated(bytes: Uint8Array, offset: number): AppError {
  return new AppError('TRUNCATED', `The PNG ends after ${bytes.length} bytes, before its last chunk.`, {
    format: 'png',
    bytes: bytes.length,
    offset,
  });
}
