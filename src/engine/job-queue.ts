import { AppError } from '../core/errors.js';

/** Runs jobs one after the other, in the order they came. A job that fails or is cancelled does not hold up the next. */
export class JobQueue {
  private last: Promise<unknown> = Promise.resolve();
  private readonly jobs = new Map<number, AbortController>();

  /** @throws AppError `ABORTED` if the job was cancelled before its turn; whatever `work` throws. */
  run<T>(id: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    this.jobs.set(id, abort);
    const turn = this.last.then(() => {
      if (abort.signal.aborted) throw new AppError('ABORTED', 'Stopped before it began.');
      return work(abort.signal);
    });
    const done = turn.finally(() => this.jobs.delete(id));
    this.last = done.catch(() => undefined);
    return done;
  }

  /** Cancels a job that waits or runs; one that is done or unknown is left alone. */
  cancel(id: number): void {
    this.jobs.get(id)?.abort();
  }
}
