import { AppError } from '../errors.js';

/** The formats that are decoded. */
export type FilmFormat = 'png' | 'jpeg' | 'webp';

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG = [0xff, 0xd8, 0xff];

/** What else people drop, by its first bytes, so that the error can name it. `?` matches any byte. */
const OTHERS: readonly (readonly [name: string, offset: number, magic: string])[] = [
  ['GIF', 0, 'GIF8'],
  ['TIFF', 0, 'II*\0'],
  ['TIFF', 0, 'MM\0*'],
  ['BigTIFF', 0, 'II+\0'],
  ['BMP', 0, 'BM????\0\0\0\0'],
  ['PDF', 0, '%PDF'],
  ['zip', 0, 'PK\x03\x04'],
  ['zip', 0, 'PK\x05\x06'],
  ['gzip', 0, '\x1f\x8b'],
  ['7-Zip', 0, '7z\xbc\xaf'],
  ['RAR', 0, 'Rar!'],
  ['JPEG 2000', 4, 'jP  '],
  ['JPEG 2000', 0, '\xff\x4f\xff\x51'],
  ['JPEG XL', 0, '\xff\x0a'],
  ['JPEG XL', 4, 'JXL '],
  ['AVIF', 4, 'ftypavi'],
  ['HEIC', 4, 'ftyphe'],
  ['HEIC', 4, 'ftypmif1'],
  ['video', 4, 'ftyp'],
  ['Photoshop', 0, '8BPS'],
  ['NIfTI', 344, 'n+1\0'],
  ['NumPy', 0, '\x93NUMPY'],
  ['Windows icon', 0, '\0\0\x01\0'],
  ['WAVE', 8, 'WAVE'],
  ['AVI', 8, 'AVI '],
];

/**
 * The format of a film, from its bytes alone: names lie.
 *
 * @throws AppError `EMPTY_FILE`; `DICOM_NOT_YET`; `TRUNCATED` for a file that ends inside a known signature;
 * `NOT_A_FILM` with a guess of what it is instead in `detail.looksLike`.
 */
export function sniffFormat(bytes: Uint8Array): FilmFormat {
  if (bytes.length === 0) throw new AppError('EMPTY_FILE', 'The file is empty.');
  if (startsWith(bytes, PNG)) return 'png';
  if (startsWith(bytes, JPEG)) return 'jpeg';
  if (hasText(bytes, 0, 'RIFF') && hasText(bytes, 8, 'WEBP')) return 'webp';
  if (isDicom(bytes)) throw new AppError('DICOM_NOT_YET', 'This is a DICOM file, which is not read yet.', { looksLike: 'DICOM' });
  if (isCutSignature(bytes))
    throw new AppError('TRUNCATED', `The file ends after ${bytes.length} bytes, inside its signature.`, { bytes: bytes.length });
  const looksLike = guess(bytes);
  throw new AppError('NOT_A_FILM', `This is not a PNG, JPEG or WebP file: it looks like ${looksLike}.`, { looksLike });
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}

function hasText(bytes: Uint8Array, offset: number, magic: string): boolean {
  for (let i = 0; i < magic.length; i++) {
    if (offset + i >= bytes.length) return false;
    if (magic[i] !== '?' && bytes[offset + i] !== magic.charCodeAt(i)) return false;
  }
  return true;
}

/** With the preamble (`DICM` at 128), or without: old files begin with a group 0002 or 0008 element of a known type. */
function isDicom(bytes: Uint8Array): boolean {
  if (hasText(bytes, 128, 'DICM')) return true;
  const group = bytes[0];
  if ((group !== 2 && group !== 8) || bytes[1] !== 0 || bytes[3] !== 0) return false;
  return ['UL', 'UI', 'CS', 'OB', 'SH', 'LO', 'DA', 'TM'].some((type) => hasText(bytes, 4, type));
}

function isCutSignature(bytes: Uint8Array): boolean {
  const cut = (magic: readonly number[]): boolean =>
    bytes.length < magic.length && bytes.every((byte, index) => byte === magic[index]);
  return cut(PNG) || cut(JPEG) || (bytes.length < 12 && hasText(bytes, 0, 'RIFF') && 'WEBP'.startsWith(tail(bytes, 8)));
}

function tail(bytes: Uint8Array, from: number): string {
  return String.fromCharCode(...bytes.subarray(from));
}

function guess(bytes: Uint8Array): string {
  const known = OTHERS.find(([, offset, magic]) => hasText(bytes, offset, magic));
  if (known) return known[0];
  const head = bytes.subarray(0, 512);
  const isText = head.every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 13);
  if (!isText) return 'unknown binary data';
  const text = tail(head, 0).trimStart().toLowerCase();
  if (text.startsWith('<svg') || (text.startsWith('<?xml') && text.includes('<svg'))) return 'SVG';
  if (text.startsWith('<!doctype') || text.startsWith('<html')) return 'a web page';
  return 'text';
}
