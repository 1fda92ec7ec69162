import { AppError, throwIfAborted } from '../errors.js';
import type { FilmNote } from '../result.js';
import { exifOrientation } from './exif.js';
import { greyOfRgba } from './grey.js';
import type { Grey } from './grey.js';
import type { Codecs, GreyFilm, RgbaImage } from './grey-film.js';
import { readJpegSegments } from './jpeg-segments.js';
import { checkFileSize } from './limits.js';
import { orient } from './orient.js';
import { readPngChunks } from './png-chunks.js';
import { decodePngGrey } from './png-grey.js';
import { sniffFormat } from './sniff.js';
import { readWebpChunks } from './webp-chunks.js';

interface Decoded extends Grey {
  readonly width: number;
  readonly height: number;
  readonly orientation: number;
}

/**
 * Decodes a film to upright 8-bit grey. Everything that the headers tell is checked before a pixel is decoded: format, size,
 * shape, completeness. What was done to the values is in `facts.notes`.
 *
 * @throws AppError `EMPTY_FILE`, `NOT_A_FILM`, `DICOM_NOT_YET`, `TRUNCATED`, `CORRUPT`, `TOO_LARGE`, `TOO_SMALL`,
 * `BAD_SHAPE`, `CMYK`, `ANIMATED`, `OUT_OF_MEMORY`, `ABORTED`.
 */
export async function decodeFilm(
  bytes: Uint8Array,
  codecs: Codecs,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<GreyFilm> {
  throwIfAborted(options.signal);
  checkFileSize(bytes.length);
  const format = sniffFormat(bytes);
  const decoded = await DECODERS[format](bytes, codecs);
  throwIfAborted(options.signal);
  const { width, height, pixels } = orient(decoded, decoded.orientation);
  const notes: FilmNote[] = [...decoded.notes];
  if (decoded.orientation !== 1) notes.push({ kind: 'orientation', exif: decoded.orientation });
  return { facts: { format, width, height, notes }, pixels };
}

const DECODERS = { png: decodePng, jpeg: decodeJpeg, webp: decodeWebp };

function decodePng(bytes: Uint8Array): Promise<Decoded> {
  const parts = readPngChunks(bytes);
  const { width, height } = parts.header;
  const orientation = parts.exif ? exifOrientation(parts.exif) : 1;
  return Promise.resolve({ ...decodePngGrey(parts), width, height, orientation });
}

async function decodeJpeg(bytes: Uint8Array, codecs: Codecs): Promise<Decoded> {
  const header = readJpegSegments(bytes);
  return { ...header, ...greyOfRgba(sameSize(await codecs.jpeg(bytes), header)) };
}

async function decodeWebp(bytes: Uint8Array, codecs: Codecs): Promise<Decoded> {
  const header = readWebpChunks(bytes);
  return { ...header, ...greyOfRgba(sameSize(await codecs.webp(bytes), header)) };
}

/** A codec that saw another size than our reading of the header saw another film: a file made to be read two ways. */
function sameSize(image: RgbaImage, { width, height }: { readonly width: number; readonly height: number }): RgbaImage {
  if (image.width === width && image.height === height && image.data.length === width * height * 4) return image;
  throw new AppError('CORRUPT', `The film declares ${width} x ${height} pixels and decodes to ${image.width} x ${image.height}.`);
}
