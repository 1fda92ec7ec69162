import { describe, expect, it } from 'vitest';
import { AppError } from '../core/errors.js';
import { measureScores } from '../core/stats/bootstrap.js';
import { evaluate, type LabelledFilm } from './evaluate.js';
import type { ScoreResult } from '../core/result.js';

/** Gives a film the score written in its name, so that every number can be computed beside it. */
function setUp(threshold: number) {
  const score = ({ file }: LabelledFilm): Promise<ScoreResult> =>
    file === 'bad'
      ? Promise.reject(new AppError('CORRUPT', 'damaged'))
      : Promise.resolve({ score: Number(file) / 100 } as ScoreResult);
  return { score, threshold, atOnce: 2 };
}

const normal = ['10', '20', '30', '60'].map((file) => ({ file, abnormal: false }));
const abnormal = ['25', '55', '80', '90'].map((file) => ({ file, abnormal: true }));

describe('evaluate', () => {
  it('measures what the model says of each film, at both thresholds', async () => {
    const seen: string[] = [];
    const films = [...normal, ...abnormal];
    const result = await evaluate(films, { ...setUp(0.22), onFilm: ({ file }) => seen.push(file) });
    expect(seen).toEqual(films.map(({ file }) => file));
    expect(result).toMatchObject({ n: { normal: 4, abnormal: 4 }, threshold: 0.22, failed: [] });
    // Of 16 pairs, 25 lies below 30 and 60, 55 below 60.
    expect(result.auroc?.value).toBeCloseTo(13 / 16, 12);
    expect(result.atThreshold.sensitivity?.value).toBe(1);
    expect(result.atThreshold.specificity?.value).toBe(0.5);
    expect(result.atHalf.sensitivity?.value).toBe(0.75);
    expect(result.atHalf.specificity?.value).toBe(0.75);
    expect(result.atHalf.acc?.value).toBe(0.75);
    expect(result.atHalf.f1?.value).toBeCloseTo(6 / 8, 12);
    const beside = measureScores(
      films.map(({ file }) => Number(file)),
      films.map((film) => film.abnormal),
      { threshold: 50 },
    );
    expect(result.auroc).toEqual(beside.auroc);
    expect(result.ap).toEqual(beside.averagePrecision);
    expect(result.atHalf.acc).toEqual(beside.accuracy);
  });

  it('leaves a bad film out and lists it', async () => {
    const bad = { file: 'bad', abnormal: true };
    const whole = await evaluate([...normal, ...abnormal], setUp(0.5));
    const { failed, ...rest } = await evaluate([...normal, bad, ...abnormal], setUp(0.5));
    expect(failed).toMatchObject([{ file: 'bad', error: { code: 'CORRUPT' } }]);
    expect({ ...rest, failed: [] }).toEqual(whole);
  });

  it('says nothing of what one kind alone does not define', async () => {
    const result = await evaluate(normal, setUp(0.5));
    expect(result).toMatchObject({ n: { normal: 4, abnormal: 0 }, auroc: undefined, ap: undefined });
    expect(result.atHalf.sensitivity).toBeUndefined();
    expect(result.atHalf.specificity?.value).toBe(0.75);
  });

  it('stops when told', async () => {
    const signal = AbortSignal.abort();
    await expect(evaluate(normal, { ...setUp(0.5), signal })).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
