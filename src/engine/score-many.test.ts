import { describe, expect, it } from 'vitest';
import { AppError } from '../core/errors.js';
import type { Inference, Model } from './model.js';
import { scoreMany } from './score-many.js';
import type { ScorableFilm } from './score.js';

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

/** A model whose answers come when the test says so; what it did is in `log`, in order. */
function setUp(log: string[]) {
  const infer = async (input: Uint8Array): Promise<Inference> => {
    log.push(`infer ${input[0]}`);
    await settle();
    if (input[0] === 99) throw new AppError('OUT_OF_MEMORY', 'no memory');
    log.push(`done ${input[0]}`);
    return { logits: Array.from({ length: 5 }, () => [0, input[0]! - 3] as const), chestCheck: undefined };
  };
  const manifest = { rule: { kind: 'ppad', maxAbove: 0.8 }, threshold: { value: 0.5, how: '' } };
  const model = {
    infer,
    backend: 'native',
    pack: { manifest, identity: { name: 'x', version: '1', sha256: '' } },
  } as unknown as Model;
  const prepare = async (film: number): Promise<ScorableFilm> => {
    log.push(`prepare ${film}`);
    await Promise.resolve();
    if (film < 0) throw new AppError('TRUNCATED', `film ${film}`);
    const facts = { format: 'png' as const, width: 1, height: 1, notes: [] };
    return { film: { facts }, input: Uint8Array.of(film), inputDigest: `digest ${film}`, ms: { decode: 1, preprocess: 2 } };
  };
  return { model, prepare, app: 'test' };
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
        'error' in scored
          ? `${scored.film} ${scored.error.code}`
          : `${scored.film} ${scored.result.score.toFixed(3)} ${scored.result.rule}`,
      );
    expect(answers).toEqual(['1 0.119 mean', '-2 TRUNCATED', '99 OUT_OF_MEMORY', '4 0.731 mean', '5 0.881 max']);
  });

  it('prepares nothing beside a model that needs every core', async () => {
    const log: string[] = [];
    for await (const scored of scoreMany([1, 2], { ...setUp(log), ahead: 0 })) expect('error' in scored).toBe(false);
    expect(log).toEqual(['prepare 1', 'infer 1', 'done 1', 'prepare 2', 'infer 2', 'done 2']);
  });

  it('prepares the next films while the model works', async () => {
    const log: string[] = [];
    for await (const scored of scoreMany([1, 2, 3], setUp(log))) expect('error' in scored).toBe(false);
    expect(log.indexOf('prepare 2')).toBeLessThan(log.indexOf('infer 1'));
    expect(log.indexOf('prepare 3')).toBeLessThan(log.indexOf('done 1'));
  });

  it('never holds more films than it may', async () => {
    const log: string[] = [];
    const films = Array.from({ length: 20 }, (_, i) => i + 1);
    let scored = 0;
    for await (const one of scoreMany(listOf(films, log), { ...setUp(log), ahead: 3 })) {
      expect('error' in one).toBe(false);
      scored++;
      const prepared = log.filter((line) => line.startsWith('prepare')).length;
      expect(prepared - scored).toBeLessThanOrEqual(3);
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
