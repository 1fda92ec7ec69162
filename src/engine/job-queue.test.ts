import { describe, expect, it } from 'vitest';
import { throwIfAborted } from '../core/errors.js';
import { JobQueue } from './job-queue.js';

/** A job that ends when the test says so. */
function gate() {
  let open = (): void => undefined;
  const wait = new Promise<void>((resolve) => (open = resolve));
  return { wait, open };
}

describe('JobQueue', () => {
  it('runs one at a time, in the order they came', async () => {
    const queue = new JobQueue();
    const log: string[] = [];
    const job = (name: string) => async (): Promise<string> => {
      log.push(`${name} begins`);
      await Promise.resolve();
      log.push(`${name} ends`);
      return name;
    };
    expect(await Promise.all([queue.run(1, job('a')), queue.run(2, job('b'))])).toEqual(['a', 'b']);
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('is not held up by a job that fails', async () => {
    const queue = new JobQueue();
    const failed = queue.run(1, () => Promise.reject(new Error('broken')));
    const next = queue.run(2, () => Promise.resolve('fine'));
    await expect(failed).rejects.toThrow('broken');
    expect(await next).toBe('fine');
  });

  it('does not begin a job that was cancelled while it waited', async () => {
    const queue = new JobQueue();
    const { wait, open } = gate();
    const first = queue.run(1, () => wait);
    let began = false;
    const second = queue.run(2, async () => void (began = true));
    const third = queue.run(3, () => Promise.resolve('fine'));
    queue.cancel(2);
    open();
    await first;
    await expect(second).rejects.toMatchObject({ code: 'ABORTED' });
    expect(began).toBe(false);
    expect(await third).toBe('fine');
  });

  it('tells a running job to stop', async () => {
    const queue = new JobQueue();
    const { wait, open } = gate();
    const running = queue.run(1, async (signal) => {
      await wait;
      throwIfAborted(signal);
    });
    await Promise.resolve();
    queue.cancel(1);
    open();
    await expect(running).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('leaves a job alone that is done or unknown', async () => {
    const queue = new JobQueue();
    await queue.run(1, () => Promise.resolve());
    expect(() => {
      queue.cancel(1);
      queue.cancel(7);
    }).not.toThrow();
  });
});
