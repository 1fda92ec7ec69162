const ORIENTATION = 0x0112;
const SHORT = 3;

/**
 * The orientation, 1 to 8, from EXIF data (a TIFF header and its first directory). Whatever cannot be read counts as 1,
 * upright: metadata is no reason to refuse a film.
 *
 * @param tiff - from the byte-order mark on; an `Exif\0\0` in front is stepped over.
 */
export function exifOrientation(tiff: Uint8Array): number {
  const start = isExifHeader(tiff) ? 6 : 0;
  const view = new DataView(tiff.buffer, tiff.byteOffset + start, tiff.byteLength - start);
  if (view.byteLength < 8) return 1;
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return 1;
  const little = order === 0x4949;
  if (view.getUint16(2, little) !== 42) return 1;
  const directory = view.getUint32(4, little);
  if (directory + 2 > view.byteLength) return 1;
  const entries = view.getUint16(directory, little);
  for (let i = 0; i < entries; i++) {
    const at = directory + 2 + 12 * i;
    if (at + 12 > view.byteLength) return 1;
    if (view.getUint16(at, little) !== ORIENTATION || view.getUint16(at + 2, little) !== SHORT) continue;
    const value = view.getUint16(at + 8, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** Whether the bytes begin with `Exif\0\0`, as an EXIF segment of a JPEG does. */
export function isExifHeader(bytes: Uint8Array): boolean {
  return [0x45, 0x78, 0x69, 0x66, 0, 0].every((byte, index) => bytes[index] === byte);
}
