import { AppError } from '../errors.js';

/**
 * The largest file that is read. A flat-panel film of 18 megapixels in 16 bits is 36 MB before compression; a scanned
 * 14 x 17 inch film at 600 dots an inch is 86 megapixels and belongs scaled down first.
 */
export const MAX_FILE_BYTES = 128 * 1024 * 1024;
/** The longest side of a film, in pixels. */
export const MAX_SIDE = 20_000;
/**
 * The most pixels of a film. A codec holds up to fourteen bytes a pixel (RGBA twice and the coefficients of a progressive
 * JPEG), so this bounds a decode below a gigabyte.
 */
export const MAX_PIXELS = 50_000_000;
/** The shortest side of a film, in pixels: below, there is nothing of a chest to see. */
export const MIN_SIDE = 32;
/** The longest side over the shortest. Chest films are between 3:4 and 4:3; squashing a strip to a square shows nothing. */
export const MAX_ASPECT = 4;

/**
 * Refuses a file by its length alone, so that it need not be read.
 *
 * @throws AppError `EMPTY_FILE`, `TOO_LARGE`.
 */
export function checkFileSize(bytes: number): void {
  if (bytes === 0) throw new AppError('EMPTY_FILE', 'The file is empty.');
  if (bytes > MAX_FILE_BYTES)
    throw new AppError('TOO_LARGE', `The file has ${bytes} bytes, more than ${MAX_FILE_BYTES}.`, {
      bytes,
      limit: MAX_FILE_BYTES,
    });
}

/**
 * Refuses a film by the width and height that its header declares, before anything of that size is allocated.
 *
 * @throws AppError `BAD_SHAPE`, `TOO_SMALL`, `TOO_LARGE`; `CORRUPT` for a side of no pixels.
 */
export function checkDimensions(width: number, height: number): void {
  const detail = { width, height };
  const size = `${width} x ${height} pixels`;
  if (width < 1 || height < 1) throw new AppError('CORRUPT', `The film declares ${size}.`, detail);
  const [short, long] = width < height ? [width, height] : [height, width];
  if (long > MAX_ASPECT * short)
    throw new AppError('BAD_SHAPE', `The film has ${size}: one side is more than ${MAX_ASPECT} times the other.`, detail);
  if (short < MIN_SIDE) throw new AppError('TOO_SMALL', `The film has ${size}; the shorter side must have ${MIN_SIDE}.`, detail);
  if (long > MAX_SIDE || width * height > MAX_PIXELS)
    throw new AppError(
      'TOO_LARGE',
      `The film has ${size}, more than ${MAX_PIXELS / 1e6} megapixels or ${MAX_SIDE} pixels on a side.`,
      detail,
    );
}
