import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../core/errors.js';
import type { ScorableFilm } from '../../engine/score.js';
import type { DecoderReply, DecoderTask } from './decoder-thread.js';

/** Decodes films in threads of its own: onnxruntime-node holds the main thread for as long as an inference takes. */
export interface Decoder {
  /** Films that it can have at hand at a time and be busy. */
  readonly capacity: number;
  /** @throws AppError as `readFilm` and `prepareFilm` do. */
  prepare(file: string): Promise<ScorableFilm>;
  close(): Promise<void>;
}

/**
 * @param program the bundle, which calls `runDecoder` when it finds itself in such a thread.
 * @param steps sides that the pack squashes films to.
 */
export function startDecoder(program: URL, steps: readonly number[]): Decoder {
  // A quarter of the processors keeps up with the rest inferring, by far; four of them with anything.
  const count = Math.min(4, Math.max(1, Math.floor(availableParallelism() / 4)));
  const threads = Array.from({ length: count }, () => new DecoderThread(program, { role: 'decoder', steps: [...steps] }));
  return {
    capacity: 2 * count,
    prepare(file) {
      const [first, ...others] = threads;
      return others.reduce((least, thread) => (thread.load < least!.load ? thread : least), first)!.prepare(file);
    },
    close: async () => void (await Promise.all(threads.map((thread) => thread.close()))),
  };
}

interface Waiting {
  readonly file: string;
  readonly resolve: (film: ScorableFilm) => void;
  readonly reject: (error: AppError) => void;
}

class DecoderThread {
  private worker: Worker | undefined;
  /** In the order in which the thread takes them: the first is at work. */
  private readonly waiting: Waiting[] = [];
  private closed = false;

  constructor(
    private readonly program: URL,
    private readonly task: DecoderTask,
  ) {
    this.worker = this.start();
  }

  get load(): number {
    return this.waiting.length;
  }

  prepare(file: string): Promise<ScorableFilm> {
    this.worker ??= this.start();
    const { worker } = this;
    return new Promise((resolve, reject) => {
      this.waiting.push({ file, resolve, reject });
      worker.postMessage(file);
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.worker?.terminate();
  }

  private start(): Worker {
    const worker = new Worker(this.program, { workerData: this.task });
    let cause: unknown;
    worker.on('message', (reply: DecoderReply) => this.settle(reply));
    worker.on('error', (thrown) => (cause = thrown));
    worker.on('exit', () => this.lost(cause));
    return worker;
  }

  private settle(reply: DecoderReply): void {
    const first = this.waiting.shift();
    if ('prepared' in reply) first?.resolve(reply.prepared);
    else first?.reject(new AppError(reply.error.code, reply.error.message, reply.error.detail));
  }

  /** A film that kills the thread is refused, and the ones behind it go to the next thread. */
  private lost(cause: unknown): void {
    this.worker = undefined;
    const first = this.waiting.shift();
    const memory = cause instanceof Error && 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY';
    first?.reject(
      this.closed
        ? new AppError('ABORTED', 'Stopped.')
        : new AppError(memory ? 'OUT_OF_MEMORY' : 'WORKER_LOST', 'The decoder broke down over this film.', {}, { cause }),
    );
    const rest = this.waiting.splice(0);
    for (const { file, resolve, reject } of rest) {
      if (this.closed) reject(new AppError('ABORTED', 'Stopped.'));
      else this.prepare(file).then(resolve, reject);
    }
  }
}
