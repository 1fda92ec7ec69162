import { zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { AppError } from '../errors.js';
import { decodeFilm } from './decode.js';
import { MAX_FILE_BYTES, checkDimensions, checkFileSize } from './limits.js';
import { testCodecs } from './testing/codecs.js';
import { codeOf, concat, fixture } from './testing/fixtures.js';
import { chunk, makePng, u32 } from './testing/png.js';

const codecs = testCodecs();
const code = (bytes: Uint8Array): ReturnType<typeof codeOf> => codeOf(decodeFilm(bytes, codecs));

/** The frame header of a JPEG declares height and width five bytes after its marker. */
function withJpegSize(bytes: Uint8Array, width: number, height: number): Uint8Array {
  const copy = bytes.slice();
  const at = copy.findIndex((byte, i) => byte === 0xff && copy[i + 1] === 0xc0);
  copy.set([height >> 8, height & 255, width >> 8, width & 255], at + 5);
  return copy;
}

describe('size and shape, from the header alone', () => {
  it('a PNG that declares 50,000 x 50,000 is refused at once', async () => {
    const start = performance.now();
    expect(await code(makePng({ width: 50_000, height: 50_000, raw: new Uint8Array(100) }))).toBe('TOO_LARGE');
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  it.each([
    ['1 x 1', 1, 1, 'TOO_SMALL'],
    ['31 x 40', 31, 40, 'TOO_SMALL'],
    ['20,000 x 100', 20_000, 100, 'BAD_SHAPE'],
    ['100 x 20,000', 100, 20_000, 'BAD_SHAPE'],
    ['10,000 x 10,000', 10_000, 10_000, 'TOO_LARGE'],
    ['60,000 x 40,000', 60_000, 40_000, 'TOO_LARGE'],
  ])('%s', async (_, width, height, expected) => {
    expect(await code(makePng({ width, height, raw: new Uint8Array(20) }))).toBe(expected);
    expect(await code(withJpegSize(fixture('films/grey.jpg'), width, height))).toBe(expected);
  });

  it('takes the smallest and the largest that are allowed', () => {
    expect(() => checkDimensions(32, 32)).not.toThrow();
    expect(() => checkDimensions(400, 100)).not.toThrow();
    expect(() => checkDimensions(10_000, 5_000)).not.toThrow();
    expect(() => checkDimensions(0, 100)).toThrow(AppError);
    expect(() => checkDimensions(14_142, 3_536)).toThrow(/megapixels/);
  });

  it('a tall lossless WebP that declares 16,384 x 16,384', async () => {
    const bytes = concat(fixture('films/lossless.webp'));
    const at = bytes.findIndex((_, i) => String.fromCharCode(...bytes.subarray(i, i + 4)) === 'VP8L') + 9;
    bytes.set([0xff, 0xff, 0xff, 0x0f | (bytes[at + 3]! & 0xf0)], at);
    expect(await code(bytes)).toBe('TOO_LARGE');
  });
});

describe('files of no use', () => {
  it('empty', async () => expect(await code(new Uint8Array(0))).toBe('EMPTY_FILE'));

  it('text named .png', async () => expect(await code(new TextEncoder().encode('hello\n'))).toBe('NOT_A_FILM'));

  it('200 MB of noise, before and after it is read', async () => {
    const noise = new Uint8Array(200_000_000).fill(0xa5);
    const start = performance.now();
    expect(await code(noise)).toBe('TOO_LARGE');
    expect(await code(noise.subarray(0, MAX_FILE_BYTES))).toBe('NOT_A_FILM');
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(() => checkFileSize(200_000_000)).toThrow(/more than/);
  });

  it('CMYK JPEG', async () => expect(await code(fixture('films/cmyk.jpg'))).toBe('CMYK'));

  it('animated WebP and PNG', async () => {
    expect(await code(fixture('films/animated.webp'))).toBe('ANIMATED');
    expect(await code(fixture('films/animated.png'))).toBe('ANIMATED');
  });

  it.each([
    ['lossless', 0xc3],
    ['arithmetic-coded', 0xc9],
  ])('%s JPEG is named', async (kind, marker) => {
    const bytes = fixture('films/grey.jpg');
    bytes[bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc0) + 1] = marker;
    await expect(decodeFilm(bytes, codecs)).rejects.toMatchObject({ code: 'NOT_A_FILM', detail: { looksLike: `${kind} JPEG` } });
  });
});

describe('a film cut off anywhere is TRUNCATED, never scored in part', () => {
  const files = ['grey8.png', 'grey16-adam7.png', 'palette4-transparent.png', 'one-byte-idats.png', 'grey.jpg', 'thumbnail.jpg'];
  const more = ['ycc-progressive.jpg', 'grey-restarts.jpg', 'lossy.webp', 'lossless.webp', 'alpha.webp', 'exif-8.webp'];

  it.each([...files, ...more])('%s at every byte', async (file) => {
    const bytes = fixture(`films/${file}`);
    const wrong: unknown[] = [];
    for (let length = 1; length < bytes.length; length++) {
      const result = await code(bytes.subarray(0, length));
      const isTooShortToKnow = file.endsWith('.webp') && length < 4;
      if (result !== (isTooShortToKnow ? 'NOT_A_FILM' : 'TRUNCATED')) wrong.push({ length, result });
    }
    expect(wrong).toEqual([]);
  });

  it('a JPEG that lost data but has an end mark', async () => {
    const bytes = fixture('films/grey.jpg');
    expect(await code(concat(bytes.subarray(0, bytes.length - 500), [0xff, 0xd9]))).toBe('TRUNCATED');
  });

  it('a progressive JPEG that lost its last scan but has an end mark', async () => {
    const bytes = fixture('films/grey-progressive.jpg');
    const lastScan = bytes.findLastIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xda);
    await expect(decodeFilm(concat(bytes.subarray(0, lastScan), [0xff, 0xd9]), codecs)).rejects.toMatchObject({
      code: 'TRUNCATED',
      message: expect.stringContaining('before the last ones') as string,
    });
  });

  it('a PNG whose chunks are whole but whose rows are not', async () => {
    expect(await code(makePng({ width: 40, height: 40, raw: new Uint8Array(41 * 30) }))).toBe('TRUNCATED');
  });
});

describe('garbage inside is CORRUPT', () => {
  const flipped = (file: string, at: number): Uint8Array => {
    const bytes = fixture(`films/${file}`);
    bytes[at] = bytes[at]! ^ 0x55;
    return bytes;
  };

  it('a changed byte in the image data of a PNG', async () => expect(await code(flipped('grey8.png', 600))).toBe('CORRUPT'));

  it.each([
    ['an unknown filter', makePng({ width: 40, height: 40, raw: new Uint8Array(41 * 40).fill(9) })],
    ['no deflate', makePng({ width: 40, height: 40, data: new Uint8Array(500).fill(7) })],
    [
      'an index beyond the palette',
      makePng({ width: 40, height: 40, colour: 3, before: chunk('PLTE', [1, 2, 3]), raw: oneRows(40) }),
    ],
    ['no palette', makePng({ width: 40, height: 40, colour: 3 })],
    ['16-bit palette', makePng({ width: 40, height: 40, colour: 3, depth: 16 })],
    ['colour type 5', makePng({ width: 40, height: 40, colour: 5 })],
    ['an unknown critical chunk', makePng({ width: 40, height: 40, before: chunk('QQQQ', [1]) })],
    ['a second header', makePng({ width: 40, height: 40, before: chunk('IHDR', [...u32(40), ...u32(40), 8, 0, 0, 0, 0]) })],
    ['a zero side', makePng({ width: 0, height: 40 })],
  ])('a PNG with %s', async (_, bytes) => expect(await code(bytes)).toBe('CORRUPT'));

  it('a decompression bomb is stopped early', async () => {
    const bomb = zlibSync(new Uint8Array(300_000_000));
    const start = performance.now();
    expect(await code(makePng({ width: 40, height: 40, data: bomb }))).toBe('CORRUPT');
    expect(performance.now() - start).toBeLessThan(5_000);
  }, 30_000);

  it('a PNG of a million empty chunks', async () => {
    const empty = chunk('IDAT', []);
    const before = new Uint8Array(1_000_000 * empty.length);
    for (let at = 0; at < before.length; at += empty.length) before.set(empty, at);
    const whole = fixture('films/grey8.png');
    const bytes = new Uint8Array(whole.length + before.length);
    bytes.set(whole.subarray(0, 33));
    bytes.set(before, 33);
    bytes.set(whole.subarray(33), 33 + before.length);
    expect(await code(bytes)).toBe('CORRUPT');
  });

  it('a text chunk with a wrong checksum harms nothing', async () => {
    const note = chunk('tEXt', [65, 0, 66]);
    note[note.length - 1] = note.at(-1)! ^ 1;
    expect(await code(makePng({ width: 40, height: 40, before: note }))).toBe('fulfilled');
  });

  it('a JPEG that asks for thousands of passes', async () => {
    const bytes = fixture('films/grey-progressive.jpg');
    const [first, last] = [bytes.findIndex(isScan), bytes.findLastIndex(isScan)];
    const scans = Array.from({ length: 200 }, () => bytes.subarray(last, bytes.length - 2));
    expect(await code(concat(bytes.subarray(0, first), ...scans, [0xff, 0xd9]))).toBe('CORRUPT');
  });

  it('nonsense after a JPEG signature, and a JPEG without a film', async () => {
    expect(await code(concat([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 1], new Uint8Array(50)))).toBe('CORRUPT');
    expect(await code(Uint8Array.from([0xff, 0xd8, 0xff, 0xd9]))).toBe('CORRUPT');
  });
});

function oneRows(side: number): Uint8Array {
  return Uint8Array.from({ length: side * (side + 1) }, (_, i) => (i % (side + 1) === 0 ? 0 : 1));
}

function isScan(byte: number, at: number, bytes: Uint8Array): boolean {
  return byte === 0xff && bytes[at + 1] === 0xda;
}
