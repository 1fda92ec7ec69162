import { describe, expect, it } from 'vitest';
import { AppError } from '../core/errors.js';
import type { ScoreResult } from '../core/result.js';
import { scoreMany } from './score-many.js';

/** Scores that come when each film's turn is over, odd films sooner than even ones; what was done is in `log`, in order. */
function setUp(log: string[]) {
  const score = async (film: number): Promise<ScoreResult> => {
    log.push(`begin ${film}`);
    await new Promise((resolve) => setTimeout(resolve, film % 2 === 0 ? 6 : 1));
    if (film < 0) throw new AppError('TRUNCATED', `film ${film}`);
    if (film === 99) throw new Error('out of memory');
    log.push(`done ${film}`);
    return { score: film / 10 } as ScoreResult;
  };
  return { score, atOnce: 3 };
}

/** A list that notes what was taken from it and whether it was closed. */
function* listOf(films: readonly number[], log: string[]): Generator<number> {
  try {
    for (const film of films) {
      log.push(`take ${film}`);
      yield film;
    }
  } finally {
    log.push('closed');
  }
}

describe('scoreMany', () => {
  it('scores in order; a bad film stops nothing but itself', async () => {
    const answers: string[] = [];
    for await (const scored of scoreMany([1, -2, 99, 4, 5], setUp([])))
      answers.push(
        'error' in scored ? `${scored.film} ${scored.error.code}` : `${scored.film} ${scored.result.score.toFixed(1)}`,
      );
    expect(answers).toEqual(['1 0.1', '-2 TRUNCATED', '99 OUT_OF_MEMORY', '4 0.4', '5 0.5']);
  });

  it('scores one after the other if told', async () => {
    const log: string[] = [];
    for await (const scored of scoreMany([1, 2], { ...setUp(log), atOnce: 1 })) expect('error' in scored).toBe(false);
    expect(log).toEqual(['begin 1', 'done 1', 'begin 2', 'done 2']);
  });

  it('has others under way while the first is slow, and keeps the order', async () => {
    const log: string[] = [];
    const films: number[] = [];
    for await (const scored of scoreMany([2, 1, 3], setUp(log))) films.push(scored.film);
    expect(films).toEqual([2, 1, 3]);
    expect(log.indexOf('done 3')).toBeLessThan(log.indexOf('done 2'));
  });

  it('never holds more films than it may', async () => {
    const log: string[] = [];
    const films = Array.from({ length: 20 }, (_, i) => i + 1);
    let scored = 0;
    for await (const one of scoreMany(listOf(films, log), setUp(log))) {
      expect('error' in one).toBe(false);
      scored++;
      const begun = log.filter((line) => line.startsWith('begin')).length;
      expect(begun - scored).toBeLessThanOrEqual(3);
    }
    expect(scored).toBe(20);
  });

  it('closes the list when its reader leaves', async () => {
    const log: string[] = [];
    for await (const scored of scoreMany(listOf([1, 2, 3, 4, 5, 6], log), setUp(log))) {
      expect(scored.film).toBe(1);
      break;
    }
    expect(log.at(-1)).toBe('closed');
    expect(log).not.toContain('take 5');
  });

  it('ends with ABORTED when told, and closes the list', async () => {
    const log: string[] = [];
    const stop = new AbortController();
    const films: number[] = [];
    const run = async (): Promise<void> => {
      for await (const scored of scoreMany(listOf([1, 2, 3, 4], log), { ...setUp(log), signal: stop.signal })) {
        films.push(scored.film);
        if (scored.film === 2) stop.abort();
      }
    };
    await expect(run()).rejects.toMatchObject({ code: 'ABORTED' });
    expect(films).toEqual([1, 2]);
    expect(log.at(-1)).toBe('closed');
  });

  it('passes on what the list throws', async () => {
    function* broken(): Generator<number> {
      yield 1;
      throw new Error('the folder is gone');
    }
    const run = async (): Promise<void> => {
      for await (const scored of scoreMany(broken(), setUp([]))) expect(scored).toBeDefined();
    };
    await expect(run()).rejects.toThrow('the folder is gone');
  });
});
