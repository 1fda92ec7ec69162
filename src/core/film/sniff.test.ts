import { describe, expect, it } from 'vitest';
import { AppError } from '../errors.js';
import { sniffFormat } from './sniff.js';
import { concat, fixture } from './testing/fixtures.js';

function text(value: string): number[] {
  return [...value].map((letter) => letter.charCodeAt(0));
}

function failure(bytes: Uint8Array): AppError {
  try {
    sniffFormat(bytes);
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown;
    throw thrown;
  }
  throw new Error('did not fail');
}

describe('sniffFormat', () => {
  it('knows the three formats by their bytes', () => {
    expect(sniffFormat(fixture('films/grey8.png'))).toBe('png');
    expect(sniffFormat(fixture('films/grey.jpg'))).toBe('jpeg');
    expect(sniffFormat(fixture('films/lossy.webp'))).toBe('webp');
  });

  it('recognises DICOM, with and without its preamble', () => {
    expect(failure(concat(new Uint8Array(128), text('DICM'), new Uint8Array(40))).code).toBe('DICOM_NOT_YET');
    expect(failure(concat([8, 0, 5, 0], text('CS'), [10, 0], text('ISO_IR 100'))).code).toBe('DICOM_NOT_YET');
  });

  it.each([
    ['GIF', text('GIF89a....')],
    ['TIFF', [...text('II*'), 0, 8, 0, 0, 0]],
    ['BMP', [...text('BM'), 1, 2, 3, 4, 0, 0, 0, 0, 54]],
    ['PDF', text('%PDF-1.7')],
    ['zip', [...text('PK'), 3, 4, 20]],
    ['HEIC', [0, 0, 0, 24, ...text('ftypheic')]],
    ['AVIF', [0, 0, 0, 24, ...text('ftypavif')]],
    ['JPEG 2000', [0, 0, 0, 12, ...text('jP  ')]],
    ['SVG', text('<?xml version="1.0"?><svg/>')],
    ['a web page', text('<!DOCTYPE html><p>')],
    ['text', text('This is not a film.\n')],
    ['unknown binary data', [1, 200, 3, 0, 7]],
    ['WAVE', [...text('RIFF'), 1, 2, 3, 4, ...text('WAVE')]],
  ])('names %s', (looksLike, bytes) => {
    expect(failure(Uint8Array.from(bytes))).toMatchObject({ code: 'NOT_A_FILM', detail: { looksLike } });
  });

  it('tells an empty file and a cut signature', () => {
    expect(failure(new Uint8Array(0)).code).toBe('EMPTY_FILE');
    for (let length = 1; length < 8; length++)
      expect(failure(fixture('films/grey8.png').subarray(0, length)).code).toBe('TRUNCATED');
    for (let length = 4; length < 12; length++)
      expect(failure(fixture('films/lossy.webp').subarray(0, length)).code).toBe('TRUNCATED');
    expect(failure(fixture('films/grey.jpg').subarray(0, 2)).code).toBe('TRUNCATED');
  });
});
