import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../../crc32.js';
import { AppError } from '../../errors.js';
import { drawPhantom } from '../../film/phantom.js';
import { scoreImage } from '../../ppad/scoring.js';
import { ORIGIN_STATES, POSITION_IDS, type ChestCheck } from '../../result.js';
import { decodeLink } from '../decode-link.js';
import { encodeFragment } from '../encode-link.js';
import { neutraliseText, NOTE_LIMIT } from '../note-text.js';
import { makePreview } from '../preview-writer.js';
import type { SharedResult } from '../shared-result.js';
import { shortName } from '../short-name.js';

/** A machine that is busy with other things stalls; a hang is longer. */
const SOON_MS = 2_000;

const CODES = ['LINK_DAMAGED', 'LINK_INVALID', 'LINK_TOO_NEW'];

/** What became of a link: the result, or the code of its error; anything else fails the test. */
function answer(link: string): SharedResult | string {
  const start = performance.now();
  try {
    return decodeLink(link);
  } catch (thrown) {
    if (!(thrown instanceof AppError) || !CODES.includes(thrown.code)) throw thrown;
    return thrown.code;
  } finally {
    expect(performance.now() - start).toBeLessThan(SOON_MS);
  }
}

const hex = (digits: number) =>
  fc.uint8Array({ minLength: digits / 2, maxLength: digits / 2 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const fraction = fc.double({ min: 0, max: 1, noNaN: true });
const picture = fc
  .record({ width: fc.integer({ min: 1, max: 9 }), height: fc.integer({ min: 1, max: 9 }), seed: fc.nat() })
  .map(({ width, height, seed }) => {
    const levels = Uint8Array.from({ length: width * height }, (_, i) => (i * 7 + ((seed >> (i % 20)) & 7)) % 16);
    return { width, height, levels };
  });
const note = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
  .map((text) => neutraliseText(text).trim())
  .filter((text) => text !== '' && Array.from(text).length <= NOTE_LIMIT);

/** Results as the app makes them. */
const shared = fc
  .record({
    probabilities: fc.array(fraction, { minLength: 5, maxLength: 5 }),
    threshold: fraction,
    kind: fc.constantFrom('ppad' as const, 'whole' as const),
    bound: fraction,
    sides: fc.constantFrom('assumed' as const, 'flipped' as const),
    stage: fc.constantFrom(undefined, 'early' as const, 'release' as const, 'imported' as const, 'fixture' as const),
    backend: fc.constantFrom('native' as const, 'webgpu' as const, 'wasm' as const, 'wasm-single' as const),
    time: fc.integer({ min: 0, max: Date.UTC(2200, 0) }),
    digest: hex(32),
    sha256: hex(64),
    name: fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,63}$/),
    origin: fc.option(fc.tuple(fc.string({ unit: 'grapheme', maxLength: 60 }), hex(64), fc.constantFrom(...ORIGIN_STATES)), {
      nil: undefined,
    }),
    synthetic: fc.boolean(),
    calibrated: fc.option(fraction, { nil: undefined }),
    chestCheck: fc.option(fc.tuple(fraction, fraction), { nil: undefined }),
    note: fc.option(note, { nil: undefined }),
    preview: fc.option(picture, { nil: undefined, freq: 3 }),
  })
  .map(({ probabilities, kind, bound, time, digest, sha256, name, calibrated, chestCheck, origin, ...rest }): SharedResult => {
    const { score, rule } = scoreImage(probabilities, kind === 'ppad' ? { kind, maxAbove: bound } : { kind });
    return {
      ...rest,
      positions: POSITION_IDS.map((id, i) => ({ id, probability: probabilities[i] ?? NaN })),
      score,
      rule,
      aboveThreshold: score > rest.threshold,
      calibrated: calibrated === undefined ? undefined : score > 0.5 ? Math.max(0.5, calibrated) : Math.min(0.5, calibrated),
      chestCheck: chestCheck && checkOf(...chestCheck),
      maxAbove: kind === 'ppad' ? bound : undefined,
      pack: {
        name,
        version: '1.2.3',
        sha256,
        ...(origin && { origin: { file: shortName(origin[0]), sha256: origin[1], state: origin[2] } }),
      },
      app: 'ppad-web 0.1.0',
      date: new Date(time).toISOString(),
      inputDigest: digest,
    };
  });

const checkOf = (value: number, threshold: number): ChestCheck => {
  const flagged = value > threshold;
  return { value, threshold, flagged, reason: flagged ? 'inverted' : null };
};

const edit = fc.record({ at: fc.nat(), bytes: fc.uint8Array({ minLength: 0, maxLength: 5 }), insert: fc.boolean() });

function edited(bytes: Uint8Array, edits: readonly { at: number; bytes: Uint8Array; insert: boolean }[]): Uint8Array {
  const list = [...bytes];
  for (const one of edits) list.splice(one.at % (list.length + 1), one.insert ? 0 : one.bytes.length, ...one.bytes);
  return Uint8Array.from(list);
}

const preview = makePreview(drawPhantom({ width: 120, height: 100, opacity: true }));

/** Properties of links over so many random ones: 2,000 each time, 100,000 in the slow suite. */
export function describeLinks(runs: number): void {
  const timeout = 60_000 + runs * 30;
  describe('links', () => {
    it(
      'give back what was put into them',
      () => {
        fc.assert(
          fc.property(shared, (result) => {
            const fragment = encodeFragment(result);
            expect(decodeLink(fragment)).toEqual(result);
            if (!result.note && !result.preview) expect(fragment.length).toBeLessThanOrEqual(400);
          }),
          { numRuns: runs },
        );
      },
      timeout,
    );

    it(
      'that are random text are errors',
      () => {
        const letters = fc.string({ unit: fc.constantFrom(...'ABCDwxyz0189-_'), maxLength: 400 }).map((text) => `r=${text}`);
        fc.assert(
          fc.property(fc.oneof(fc.string({ unit: 'binary' }), letters), (text) => {
            expect(answer(text)).toBeTypeOf('string');
          }),
          { numRuns: runs },
        );
      },
      timeout,
    );

    it(
      'that were altered as text are errors, or what they were',
      () => {
        const alphabet = fc.constantFrom(...'ABCZabcz019-_=.~% \u0660');
        const change = fc.record({ at: fc.nat(), text: fc.string({ unit: alphabet, maxLength: 4 }), drop: fc.nat(4) });
        fc.assert(
          fc.property(shared, fc.array(change, { minLength: 1, maxLength: 3 }), (result, changes) => {
            const link = encodeFragment(result);
            let altered = link;
            for (const { at, text, drop } of changes) {
              const from = at % (altered.length + 1);
              altered = altered.slice(0, from) + text + altered.slice(from + drop);
            }
            const read = answer(altered);
            if (altered.trim() === link) expect(read).toEqual(result);
            else expect(read).toBeTypeOf('string');
          }),
          { numRuns: runs },
        );
      },
      timeout,
    );

    it(
      'that were forged, their checksum right, are errors or sound results',
      () => {
        fc.assert(
          fc.property(shared, fc.boolean(), fc.array(edit, { minLength: 1, maxLength: 3 }), (result, pictured, edits) => {
            const link = encodeFragment(pictured ? { ...result, preview } : result);
            const body = edited(Buffer.from(link.slice(2), 'base64url').subarray(0, -4), edits);
            const sum = Buffer.alloc(4);
            sum.writeUInt32BE(crc32(body));
            const read = answer(`r=${Buffer.concat([body, sum]).toString('base64url')}`);
            if (typeof read === 'string') return;
            // Whatever passes could be passed on again, and says the same then.
            expect(decodeLink(encodeFragment(read))).toEqual(read);
            expect(read.aboveThreshold).toBe(read.score > read.threshold);
            expect(read.note === undefined || read.note === neutraliseText(read.note)).toBe(true);
          }),
          { numRuns: runs },
        );
      },
      timeout,
    );
  });
}
