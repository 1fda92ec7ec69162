import { Worker } from 'node:worker_threads';
import { AppError } from '../../core/errors.js';
import type { ErrorValue, ScoreResult } from '../../core/result.js';
import type { LaneOpened, LaneOrder, LaneReply, LaneTask } from './lane-thread.js';

/** A film that somebody waits for. */
export interface WaitingFilm {
  readonly file: string;
  readonly resolve: (result: ScoreResult) => void;
  readonly reject: (error: AppError) => void;
}

/** What a lane has to do with: the films that all lanes share. */
export interface FilmQueue {
  next(): WaitingFilm | undefined;
  /** Films that a lane took and did not come to. */
  putBack(films: readonly WaitingFilm[]): void;
  /** The lane is of no more use. */
  failed(error: AppError): void;
}

/** One at work, one at hand: the thread does not wait for this side. */
const DEPTH = 2;

/** Milliseconds that a closing lane has for the film at work. */
const PATIENCE = 3_000;

/** A thread that scores films, one after the other; started anew when a film kills it. */
export class Lane {
  /** @throws AppError as `chooseBackend` does, or `WORKER_LOST`. */
  readonly opened: Promise<LaneOpened>;
  private settleOpened: { resolve: (opened: LaneOpened) => void; reject: (error: AppError) => void } | undefined;
  private worker: Worker;
  private exited: Promise<void> = Promise.resolve();
  private state: 'opening' | 'open' | 'failed' | 'closed' = 'opening';
  /** In the order in which the thread takes them: the first is at work. */
  private readonly taken: WaitingFilm[] = [];

  /** @param task the model to open, if it is known by now; else `open` brings it, and the thread gets ready meanwhile. */
  constructor(
    private readonly program: URL,
    private readonly queue: FilmQueue,
    private task?: LaneTask,
  ) {
    this.opened = new Promise((resolve, reject) => (this.settleOpened = { resolve, reject }));
    // Whoever opens lanes waits for the first alone.
    this.opened.catch(() => undefined);
    this.worker = this.start();
  }

  open(task: LaneTask): void {
    this.task = task;
    this.worker.postMessage(task);
  }

  /** Takes from the queue what it has room for, once it is open. */
  take(): void {
    while (this.state === 'open' && this.taken.length < DEPTH) {
      const next = this.queue.next();
      if (!next) return;
      this.taken.push(next);
      this.worker.postMessage(next.file satisfies LaneOrder);
    }
  }

  /** Lets the film at work end: a thread stopped inside onnxruntime takes the whole process with it now and then. */
  async close(): Promise<void> {
    if (this.state === 'failed') {
      await this.worker.terminate();
      return;
    }
    this.state = 'closed';
    this.worker.postMessage({ close: true } satisfies LaneOrder);
    const patience = setTimeout(() => void this.worker.terminate(), PATIENCE);
    await this.exited;
    clearTimeout(patience);
  }

  private start(): Worker {
    const worker = new Worker(this.program);
    let cause: unknown;
    worker.on('message', (reply: LaneReply) => this.hear(reply));
    worker.on('error', (thrown) => (cause = thrown));
    this.exited = new Promise((resolve) => worker.once('exit', () => resolve()));
    worker.on('exit', () => this.end(cause));
    if (this.task) worker.postMessage(this.task);
    return worker;
  }

  private hear(reply: LaneReply): void {
    if ('opened' in reply) {
      this.state = 'open';
      this.settleOpened?.resolve(reply.opened);
    } else if ('failed' in reply) {
      this.fail(toError(reply.failed));
    } else {
      const first = this.taken.shift();
      if ('result' in reply) first?.resolve(reply.result);
      else first?.reject(toError(reply.error));
    }
    this.take();
  }

  /** The thread is gone: a film that killed it is refused, the ones behind it go to whichever lane is free. */
  private end(cause: unknown): void {
    if (this.state === 'failed') return;
    if (this.state === 'closed') {
      const stopped = new AppError('ABORTED', 'Stopped.');
      this.settleOpened?.reject(stopped);
      for (const { reject } of this.taken.splice(0)) reject(stopped);
      return;
    }
    const isMemory = cause instanceof Error && 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY';
    const error = (during: string): AppError =>
      new AppError(isMemory ? 'OUT_OF_MEMORY' : 'WORKER_LOST', `The thread broke down ${during}.`, {}, { cause });
    if (this.state === 'opening') {
      this.fail(error('while it opened the model'));
      return;
    }
    this.state = 'opening';
    this.worker = this.start();
    this.taken.shift()?.reject(error('over this film'));
    this.queue.putBack(this.taken.splice(0));
  }

  private fail(error: AppError): void {
    this.state = 'failed';
    this.settleOpened?.reject(error);
    void this.worker.terminate();
    this.queue.failed(error);
  }
}

function toError({ code, message, detail }: ErrorValue): AppError {
  return new AppError(code, message, detail);
}
