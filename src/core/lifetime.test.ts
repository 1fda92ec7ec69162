import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { Lifetime } from './lifetime.js';

const never = new Promise<never>(() => undefined);

describe('a lifetime', () => {
  it('rejects what runs when it ends, and what comes later', async () => {
    const life = new Lifetime();
    const running = life.run(() => never);
    life.end(new Error('gone'));
    life.end(new Error('gone twice'));
    await expect(running).rejects.toThrow('gone');
    await expect(life.run(() => Promise.resolve(1))).rejects.toThrow(/^gone$/);
    expect(life.running).toBe(0);
  });

  it('gives what the work gave or threw', async () => {
    const life = new Lifetime();
    await expect(life.run(() => Promise.resolve(1))).resolves.toBe(1);
    await expect(life.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(life.running).toBe(0);
  });

  it('keeps nothing of work that is done', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const life = new Lifetime();
    const given = await Promise.all(
      Array.from({ length: 20 }, () => life.run(() => Promise.resolve({}))).map(async (one) => new WeakRef(await one)),
    );
    await new Promise((resolve) => setTimeout(resolve, 10));
    collect();
    expect(given.filter((one) => one.deref())).toEqual([]);
    expect(life.running).toBe(0);
  });
});
