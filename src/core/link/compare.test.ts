import { describe, expect, it } from 'vitest';
import { scoredFilm } from '../export/testing/results.js';
import { compareWithShared } from './compare.js';
import { toShared } from './shared-result.js';

const { result } = scoredFilm();
const shared = toShared(result, { sides: 'assumed' });

describe("the recipient's own reading", () => {
  it('agrees with itself', () => {
    expect(compareWithShared(result, shared)).toMatchObject({
      sameInput: true,
      samePack: true,
      agrees: true,
      largest: { difference: 0 },
    });
  });

  it('agrees within what backends may differ, and says where the largest difference is', () => {
    const shifted = (by: number) => ({
      ...result,
      positions: result.positions.map((one) => (one.id === 'upper' ? { ...one, probability: one.probability + by } : one)),
    });
    expect(compareWithShared(shifted(0.009), shared)).toMatchObject({ agrees: true, largest: { at: 'upper' } });
    expect(compareWithShared(shifted(-0.02), shared)).toMatchObject({ agrees: false, largest: { at: 'upper' } });
    expect(compareWithShared({ ...result, score: result.score - 0.02 }, shared)).toMatchObject({
      agrees: false,
      largest: { at: 'image' },
    });
  });

  it('does not pretend to compare what cannot be compared', () => {
    const otherFilm = { ...result, inputDigest: 'ff'.repeat(16) };
    const otherPack = { ...result, pack: { ...result.pack, sha256: 'ee'.repeat(32) } };
    expect(compareWithShared(otherFilm, shared)).toMatchObject({ sameInput: false, samePack: true, agrees: undefined });
    expect(compareWithShared(otherPack, shared)).toMatchObject({ sameInput: true, samePack: false, agrees: undefined });
  });

  it('disagrees where a number is missing', () => {
    expect(compareWithShared({ ...result, positions: [] }, shared)).toMatchObject({ agrees: false });
  });
});
