import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFilm } from './decode.js';
import { testCodecs } from './testing/codecs.js';
import { codeOf, fixture } from './testing/fixtures.js';

const FILES = [
  'grey8.png',
  'grey16-adam7.png',
  'palette4-transparent.png',
  'exif-6.png',
  'animated.png',
  'grey.jpg',
  'ycc-420.jpg',
  'ycc-progressive.jpg',
  'grey-restarts.jpg',
  'thumbnail.jpg',
  'cmyk.jpg',
  'lossy.webp',
  'lossless.webp',
  'alpha.webp',
  'animated.webp',
].map((file) => fixture(`films/${file}`));

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 400);
const codecs = testCodecs();

const mutation = fc.record({ at: fc.nat(), bytes: fc.uint8Array({ minLength: 1, maxLength: 6 }), insert: fc.boolean() });

function mutate(
  bytes: Uint8Array,
  edits: readonly { at: number; bytes: Uint8Array; insert: boolean }[],
  cut: number,
): Uint8Array {
  let list = [...bytes];
  for (const edit of edits) list.splice(edit.at % list.length, edit.insert ? 0 : edit.bytes.length, ...edit.bytes);
  if (cut < 1) list = list.slice(0, Math.floor(cut * list.length));
  return Uint8Array.from(list);
}

describe('strangers’ bytes', () => {
  it('give a film or a typed error, soon', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...FILES),
        fc.array(mutation, { maxLength: 5 }),
        fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) }),
        async (file, edits, cut) => {
          const bytes = mutate(file, edits, cut);
          const start = performance.now();
          const result = await codeOf(decodeFilm(bytes, codecs));
          expect(result).toBeTypeOf('string');
          expect(result).not.toBe('INTERNAL');
          expect(performance.now() - start).toBeLessThan(5_000);
        },
      ),
      { numRuns: RUNS },
    );
    expect((await decodeFilm(fixture('films/grey.jpg'), codecs)).facts.width).toBe(101);
  }, 120_000);

  it('of any kind behind a known signature', async () => {
    const heads = [
      [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
      [0xff, 0xd8, 0xff],
      [...'RIFF0000WEBP'].map((c) => c.charCodeAt(0)),
      [],
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 300 }), async (head, tail) => {
        const result = await codeOf(decodeFilm(Uint8Array.from([...head, ...tail]), codecs));
        expect(['CORRUPT', 'TRUNCATED', 'NOT_A_FILM', 'EMPTY_FILE', 'DICOM_NOT_YET']).toContain(result);
      }),
      { numRuns: RUNS },
    );
  }, 60_000);
});
