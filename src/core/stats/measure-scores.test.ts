import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BOOTSTRAP, measureScores, type Metrics } from './bootstrap.js';
import { METRIC_NAMES } from './metrics.js';
import { createRandom } from './random.js';

interface Golden {
  readonly seed: number;
  readonly resamples: number;
  readonly random: { readonly next: number[]; readonly below10: number[] };
  readonly cases: { name: string; scores: number[]; abnormal: boolean[]; threshold: number; metrics: Required<Metrics> }[];
}

const golden = JSON.parse(readFileSync(fileURLToPath(new URL('./fixtures/golden.json', import.meta.url)), 'utf8')) as Golden;

describe('the generator', () => {
  it('gives the numbers of an independent implementation', () => {
    const random = createRandom(golden.seed);
    expect(golden.random.next.map(() => random.next())).toEqual(golden.random.next);
    expect(golden.random.below10.map(() => random.below(10))).toEqual(golden.random.below10);
  });

  it('draws every number about equally often', () => {
    const random = createRandom(1);
    const counts = new Uint32Array(7);
    for (let i = 0; i < 70_000; i++) counts[random.below(7)]!++;
    // Six standard deviations of a binomial count around 10,000.
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(6 * Math.sqrt(10_000 * (6 / 7)));
  });
});

describe('metrics and their intervals', () => {
  it.each(golden.cases)("are scikit-learn's and NumPy's: $name", ({ scores, abnormal, threshold, metrics }) => {
    const measured = measureScores(scores, abnormal, { threshold, seed: golden.seed, resamples: golden.resamples });
    for (const name of METRIC_NAMES)
      for (const bound of ['value', 'low', 'high'] as const)
        expect(measured[name]?.[bound], `${name} ${bound}`).toBeCloseTo(metrics[name]![bound], 12);
  });

  const films = fc.array(fc.record({ score: fc.integer({ min: 0, max: 20 }).map((n) => n / 20), abnormal: fc.boolean() }), {
    minLength: 2,
    maxLength: 40,
  });
  const measure = (list: readonly { score: number; abnormal: boolean }[], resamples = 50) =>
    measureScores(
      list.map(({ score }) => score),
      list.map(({ abnormal }) => abnormal),
      { threshold: 0.5, resamples },
    );

  it('have AUROC as the share of pairs in the right order, equal ones half', () => {
    fc.assert(
      fc.property(films, (list) => {
        const abnormal = list.filter((film) => film.abnormal);
        const normal = list.filter((film) => !film.abnormal);
        const pairs = abnormal.flatMap((a) => normal.map((n) => (a.score > n.score ? 1 : a.score === n.score ? 0.5 : 0)));
        const { auroc } = measure(list, 0);
        if (pairs.length === 0) expect(auroc).toBeUndefined();
        else expect(auroc?.value).toBeCloseTo(pairs.reduce<number>((sum, pair) => sum + pair, 0) / pairs.length, 12);
      }),
    );
  });

  it('do not depend on the order of the films', () => {
    fc.assert(
      fc.property(films, fc.integer(), (list, shuffle) => {
        const random = createRandom(shuffle);
        const shuffled = list.map((film) => ({ film, key: random.next() })).sort((a, b) => a.key - b.key);
        expect(measure(shuffled.map(({ film }) => film))).toEqual(measure(list));
      }),
      { numRuns: 50 },
    );
  });

  it('leave out what one class alone does not define', () => {
    const normal = measureScores([0.2, 0.7], [false, false], { threshold: 0.5 });
    expect(normal).toMatchObject({ auroc: undefined, averagePrecision: undefined, f1: undefined, sensitivity: undefined });
    expect(normal.specificity).toMatchObject({ value: 0.5, low: 0, high: 1 });
    const abnormal = measureScores([0.2, 0.7], [true, true], { threshold: 0.5 });
    expect(abnormal.specificity).toBeUndefined();
    expect(abnormal.auroc).toBeUndefined();
    expect(Object.values(measureScores([], [], { threshold: 0.5 })).every((metric) => metric === undefined)).toBe(true);
  });

  it('call a film abnormal above the threshold, not at it', () => {
    expect(measureScores([0.5, 0.5], [true, false], { threshold: 0.5 }).sensitivity?.value).toBe(0);
  });

  it.each([
    [[0.1], [], /1 scores and 0 labels/],
    [[0.1, NaN], [true, false], /film 1 is not a number/],
  ])('refuse %j with %j', (scores, abnormal, message) => {
    expect(() => measureScores(scores, abnormal, { threshold: 0.5 })).toThrow(message);
  });

  it('stop when asked to', () => {
    expect(() => measureScores([0.1, 0.9], [false, true], { threshold: 0.5, signal: AbortSignal.abort() })).toThrow(
      expect.objectContaining({ code: 'ABORTED' }) as Error,
    );
  });

  it('take 2,000 resamples of 1,000 films in under two seconds', () => {
    const random = createRandom(3);
    const abnormal = Array.from({ length: 1_000 }, (_, i) => i % 3 === 0);
    const scores = abnormal.map((truth) => (random.below(1_000) + (truth ? 400 : 0)) / 1_400);
    const begun = performance.now();
    const { auroc } = measureScores(scores, abnormal, { threshold: 0.5 });
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(BOOTSTRAP.resamples).toBe(2_000);
    expect(auroc!.low).toBeLessThan(auroc!.value);
    expect(auroc!.high).toBeGreaterThan(auroc!.value);
  });
});
