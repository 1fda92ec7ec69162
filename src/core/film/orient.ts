/** Grey pixels, row by row. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/**
 * Turns and mirrors pixels so that a film with this EXIF orientation stands upright (EXIF 2.3, tag 0x0112).
 *
 * @param orientation - 1 to 8; 5 to 8 swap width and height.
 */
export function orient(raster: Raster, orientation: number): Raster {
  const { width, height, pixels } = raster;
  if (orientation < 2 || orientation > 8) return raster;
  const isTurned = orientation >= 5;
  // The stored column and row run backwards in these orientations.
  const fromRight = orientation === 2 || orientation === 3 || orientation === 7 || orientation === 8;
  const fromBottom = orientation === 3 || orientation === 4 || orientation === 6 || orientation === 7;
  const alongColumns = fromRight ? -1 : 1;
  const alongRows = fromBottom ? -width : width;
  const start = (fromRight ? width - 1 : 0) + (fromBottom ? (height - 1) * width : 0);
  const outWidth = isTurned ? height : width;
  const outHeight = isTurned ? width : height;
  const stepX = isTurned ? alongRows : alongColumns;
  const stepY = isTurned ? alongColumns : alongRows;
  const upright = new Uint8Array(pixels.length);
  for (let y = 0, to = 0; y < outHeight; y++)
    for (let x = 0, from = start + y * stepY; x < outWidth; x++, from += stepX) upright[to++] = pixels[from]!;
  return { width: outWidth, height: outHeight, pixels: upright };
}
