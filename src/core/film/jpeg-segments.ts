import { AppError } from '../errors.js';
import { exifOrientation, isExifHeader } from './exif.js';
import { JpegScans } from './jpeg-scans.js';
import { checkDimensions } from './limits.js';

export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  /** EXIF, 1 to 8. */
  readonly orientation: number;
}

const EOI = 0xd9;
const SOS = 0xda;
const APP1 = 0xe1;
/** Frames that differ from what is read (baseline, extended sequential, progressive; Huffman) in ways that need another decoder. */
const OTHER_FRAMES: Readonly<Record<number, string>> = {
  0xc3: 'lossless',
  0xc5: 'hierarchical',
  0xc6: 'hierarchical',
  0xc7: 'hierarchical',
  0xc9: 'arithmetic-coded',
  0xca: 'arithmetic-coded',
  0xcb: 'lossless',
  0xcd: 'hierarchical',
  0xce: 'hierarchical',
  0xcf: 'hierarchical',
  0xf7: 'JPEG-LS',
};

/**
 * Walks a JPEG from marker to marker up to its end mark. libjpeg fills whatever is missing with grey and says nothing, so
 * this is what finds a cut file: segments are stepped over by their length (the end mark of a thumbnail inside one does not
 * count), coded data is searched for its next marker, and at the end every coefficient of every component must have come.
 *
 * @throws AppError `TRUNCATED`, `CORRUPT`; `CMYK`; `NOT_A_FILM` for kinds of JPEG that cannot be decoded; and those of
 * `checkDimensions`.
 */
export function readJpegSegments(bytes: Uint8Array): JpegHeader {
  let frame: { width: number; height: number } | undefined;
  let orientation: number | undefined;
  const scans = new JpegScans();
  for (let at = 2; ;) {
    if (at < bytes.length && bytes[at] !== 0xff) throw corrupt('There is no marker where the JPEG should have one.', at);
    while (bytes[at + 1] === 0xff) at++;
    const marker = bytes[at + 1];
    if (marker === undefined) throw truncated(bytes);
    if (marker === EOI) break;
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
      at += 2;
      continue;
    }
    if (marker === 0 || marker === 0xd8) throw corrupt(`The JPEG has a marker ${hex(marker)} out of place.`, at);
    const body = readSegment(bytes, at);
    at += 4 + body.length;
    if (isFrame(marker)) {
      if (frame) throw corrupt('The JPEG has two frames.', at);
      frame = readFrame(marker, body, at);
      scans.begin(marker === 0xc2, body);
    } else if (marker === SOS) {
      if (!frame) throw corrupt('The JPEG has image data before its header.', at);
      scans.add(body, frame.width * frame.height);
      at = endOfCodedData(bytes, at);
    } else if (marker === APP1 && isExifHeader(body)) orientation ??= exifOrientation(body);
  }
  if (!frame) throw corrupt('The JPEG ends without a frame.', bytes.length);
  scans.checkComplete();
  return { ...frame, orientation: orientation ?? 1 };
}

function readSegment(bytes: Uint8Array, at: number): Uint8Array {
  if (at + 4 > bytes.length) throw truncated(bytes);
  const length = (bytes[at + 2]! << 8) | bytes[at + 3]!;
  if (length < 2) throw corrupt(`A segment of the JPEG has length ${length}.`, at);
  if (at + 2 + length > bytes.length) throw truncated(bytes);
  return bytes.subarray(at + 4, at + 2 + length);
}

function isFrame(marker: number): boolean {
  return (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) || marker === 0xf7;
}

function readFrame(marker: number, body: Uint8Array, at: number): { width: number; height: number } {
  const other = OTHER_FRAMES[marker];
  if (other !== undefined)
    throw new AppError('NOT_A_FILM', `This is a JPEG of a kind that is not read: ${other}.`, { looksLike: `${other} JPEG` });
  const [bits, components] = [body[0], body[5]];
  if (bits === undefined || components === undefined || body.length < 6 + 3 * components)
    throw corrupt('The frame header of the JPEG is too short.', at);
  if (bits !== 8)
    throw new AppError('NOT_A_FILM', `This is a JPEG of ${bits} bits; only 8 are read.`, { looksLike: `${bits}-bit JPEG` });
  const height = (body[1]! << 8) | body[2]!;
  const width = (body[3]! << 8) | body[4]!;
  checkDimensions(width, height);
  if (components === 4) throw new AppError('CMYK', 'The JPEG has four ink colours (CMYK or YCCK).', { components });
  if (components !== 1 && components !== 3) throw corrupt(`The JPEG has ${components} components.`, at);
  return { width, height };
}

/** Where the next marker is: not a stuffed zero and no restart mark. */
function endOfCodedData(bytes: Uint8Array, from: number): number {
  for (let at = from; ; at++) {
    at = bytes.indexOf(0xff, at);
    if (at < 0 || at + 1 >= bytes.length) throw truncated(bytes);
    const next = bytes[at + 1]!;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
}

function hex(value: number): string {
  return value.toString(16).padStart(2, '0').toUpperCase();
}

function corrupt(message: string, offset: number): AppError {
  return new AppError('CORRUPT', message, { format: 'jpeg', offset });
}

function truncated(bytes: Uint8Array): AppError {
  return new AppError('TRUNCATED', `The JPEG ends after ${bytes.length} bytes, before its end mark.`, {
    format: 'jpeg',
    bytes: bytes.length,
  });
}
