import { AppError } from '../errors.js';
import { exifOrientation } from './exif.js';
import { checkDimensions } from './limits.js';

export interface WebpHeader {
  readonly width: number;
  readonly height: number;
  /** EXIF, 1 to 8. */
  readonly orientation: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const ANIMATION_FLAG = 0x02;

/**
 * Walks the chunks of a WebP. The RIFF header states the file's length, which finds a cut file.
 *
 * @throws AppError `TRUNCATED`, `CORRUPT`, `ANIMATED`, and those of `checkDimensions`.
 */
export function readWebpChunks(bytes: Uint8Array): WebpHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = 8 + view.getUint32(4, true);
  if (end > bytes.length)
    throw new AppError('TRUNCATED', `The WebP ends after ${bytes.length} of ${end} bytes.`, {
      format: 'webp',
      bytes: bytes.length,
    });
  let canvas: Size | undefined;
  let image: Size | undefined;
  let orientation = 1;
  for (let at = 12; at + 8 <= end;) {
    const type = String.fromCharCode(...bytes.subarray(at, at + 4));
    const length = view.getUint32(at + 4, true);
    if (at + 8 + length > end) throw corrupt(`Chunk ${JSON.stringify(type)} of the WebP is longer than the file.`, at);
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (type === 'VP8X') canvas = readExtended(body, at);
    else if (type === 'ANIM' || type === 'ANMF') throw new AppError('ANIMATED', 'The WebP is an animation.', { format: 'webp' });
    else if (type === 'VP8 ') image ??= readLossy(body, at);
    else if (type === 'VP8L') image ??= readLossless(body, at);
    else if (type === 'EXIF') orientation = exifOrientation(body);
    at += 8 + length + (length & 1);
  }
  if (!image) throw corrupt('The WebP has no image.', 12);
  if (canvas && (canvas.width !== image.width || canvas.height !== image.height))
    throw corrupt('The WebP declares two different sizes.', 12);
  checkDimensions(image.width, image.height);
  return { ...image, orientation };
}

function readExtended(body: Uint8Array, at: number): Size {
  if (body.length < 10) throw corrupt('The chunk VP8X of the WebP is too short.', at);
  if (body[0]! & ANIMATION_FLAG) throw new AppError('ANIMATED', 'The WebP is an animation.', { format: 'webp' });
  const size = (from: number): number => 1 + (body[from]! | (body[from + 1]! << 8) | (body[from + 2]! << 16));
  return { width: size(4), height: size(7) };
}

/** A VP8 key frame (RFC 6386, section 9.1): three bytes of tag, a start code, two 14-bit sides with two bits of scale. */
function readLossy(body: Uint8Array, at: number): Size {
  const isKeyFrame = body.length >= 10 && (body[0]! & 1) === 0 && body[3] === 0x9d && body[4] === 0x01 && body[5] === 0x2a;
  if (!isKeyFrame) throw corrupt('The image data of the WebP has no start.', at);
  return { width: (body[6]! | (body[7]! << 8)) & 0x3fff, height: (body[8]! | (body[9]! << 8)) & 0x3fff };
}

/** A VP8L header: a signature byte, then width - 1 and height - 1 in 14 bits each. */
function readLossless(body: Uint8Array, at: number): Size {
  if (body.length < 5 || body[0] !== 0x2f) throw corrupt('The image data of the WebP has no start.', at);
  const bits = body[1]! | (body[2]! << 8) | (body[3]! << 16) | (body[4]! << 24);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

function corrupt(message: string, offset: number): AppError {
  return new AppError('CORRUPT', message, { format: 'webp', offset });
}
