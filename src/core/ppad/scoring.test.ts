import { describe, expect, it } from 'vitest';
import { embedPrompts } from './text-inputs.js';
import { composePrompt, tokenisePrompt } from './prompt.js';
import { calibrate, computeLogits, PPAD_RULE, probabilityAbnormal, scoreImage, scorePositions } from './scoring.js';

describe("PPAD's rule", () => {
  it('takes the mean up to 0.8 and the largest above it', () => {
    expect(scoreImage([0.8, 0.2, 0.2, 0.2, 0.1], PPAD_RULE)).toEqual({ score: expect.closeTo(0.3, 12) as number, rule: 'mean' });
    expect(scoreImage([0.801, 0.2, 0.2, 0.2, 0.1], PPAD_RULE)).toEqual({ score: 0.801, rule: 'max' });
  });

  it('takes the whole film alone where the pack says so', () => {
    expect(scoreImage([0.9, 0.9, 0.9, 0.9, 0.1], { kind: 'whole' })).toEqual({ score: 0.1, rule: 'whole' });
  });
});

describe('logits', () => {
  it('are the scale times the cosine, by position and class', () => {
    const imageFeatures = Float32Array.from([1, 0, 0, 1, 1, 0, 0, 1, 0.6, 0.8]);
    const textFeatures = Float32Array.from([1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1]);
    const logits = computeLogits({ logitScale: 10, imageFeatures, textFeatures });
    expect(logits.slice(0, 2)).toEqual([
      [10, 0],
      [0, 10],
    ]);
    expect(logits[4]![0]).toBeCloseTo(6, 5);
    expect(scorePositions(logits).map(({ id }) => id)).toEqual(['left', 'right', 'upper', 'lower', 'whole']);
    expect(scorePositions(logits)[1]!.probability).toBeCloseTo(1 / (1 + Math.exp(-10)), 12);
  });

  it('give probabilities without overflow', () => {
    expect(probabilityAbnormal([1000, -1000])).toBe(0);
    expect(probabilityAbnormal([-1000, 1000])).toBe(1);
  });

  it('refuse features that do not fit', () => {
    const input = { logitScale: 1, imageFeatures: new Float32Array(10), textFeatures: new Float32Array(10) };
    expect(() => computeLogits(input)).toThrow(RangeError);
  });
});

describe('prompts', () => {
  it('leave sixteen places between position and class', () => {
    const { text, before } = composePrompt('left lung', 'pleural_effusion');
    expect(text).toBe('left lung X X X X X X X X X X X X X X X X pleural effusion.');
    expect(before).toBe('left lung');
    expect(composePrompt('', 'normal').text).toBe('X X X X X X X X X X X X X X X X normal.');
  });

  it('take the context behind the start token and the position', () => {
    // Words for tokens, with a start and an end.
    const encode = (text: string) => [
      0,
      ...text
        .split(' ')
        .filter(Boolean)
        .map((word) => word.length),
      9,
    ];
    expect(tokenisePrompt(encode, 'left lung', 'normal')).toEqual({
      ids: [0, 4, 4, ...new Array<number>(16).fill(1), 7, 9],
      contextStart: 3,
    });
    expect(tokenisePrompt(encode, '', 'normal').contextStart).toBe(1);
  });

  it('are embedded with the context in place and the end marked', () => {
    const table = { width: 2, values: Float32Array.from({ length: 12 }, (_, i) => i) };
    const context = Float32Array.from([100, 101]);
    const prompts = [
      { ids: [4, 1, 2, 5], contextStart: 1 },
      { ids: [4, 5], contextStart: undefined },
    ];
    const { embedded, end } = embedPrompts(prompts, table, context);
    expect(embedded.dims).toEqual([2, 4, 2]);
    expect([...embedded.data]).toEqual([8, 9, 100, 101, 4, 5, 10, 11, 8, 9, 10, 11, 0, 0, 0, 0]);
    expect([...end.data]).toEqual([0, 0, 0, 1, 0, 1, 0, 0]);
    expect(() => embedPrompts([{ ids: [6], contextStart: undefined }], table, context)).toThrow(/no row 6/);
  });
});

describe('calibrate', () => {
  it('divides the logit, and leaves the order and the ends where they are', () => {
    const logit = (p: number): number => Math.log(p / (1 - p));
    for (const score of [0.01, 0.3, 0.5, 0.93]) expect(logit(calibrate(score, 2.5))).toBeCloseTo(logit(score) / 2.5, 10);
    expect(calibrate(0.2, 0.5)).toBeLessThan(0.2);
    expect([0, 1].map((score) => calibrate(score, 3))).toEqual([0, 1]);
  });
});
