import { AppError } from '../../core/errors.js';
import type { ScoreResult } from '../../core/result.js';
import { Lane, type FilmQueue, type WaitingFilm } from './lane.js';
import type { LaneOpened, LaneTask } from './lane-thread.js';

/** What the lanes of a run have in common. */
export type LanesTask = Omit<LaneTask, 'threads'>;

/** Threads that score films side by side: each reads, decodes and infers, since onnxruntime-node holds a thread that long. */
export class FilmLanes {
  private readonly waiting: WaitingFilm[] = [];
  private readonly lanes: Lane[];
  private failed = 0;
  private error = new AppError('ABORTED', 'Stopped.');
  private closed = false;
  private readonly queue: FilmQueue = {
    next: () => this.waiting.shift(),
    putBack: (films) => {
      this.waiting.unshift(...films);
      this.takeAll();
    },
    failed: (error) => {
      this.failed++;
      this.error = error;
      if (this.isUseless) this.refuseAll();
    },
  };

  /**
   * Starts a first thread, which gets ready for a model that is still being read.
   *
   * @param program calls `runLane`
   */
  constructor(private readonly program: URL) {
    this.lanes = [new Lane(program, this.queue)];
  }

  /**
   * Opens a model in as many lanes as `threads` has numbers, one thread count each, and settles when the first can be used. One
   * of the others that does not open is done without.
   *
   * @throws AppError as `chooseBackend` does.
   */
  open(task: LanesTask, [first = 1, ...others]: readonly number[]): Promise<LaneOpened> {
    const lane = this.lanes[0]!;
    lane.open({ ...task, threads: first });
    for (const threads of others) this.lanes.push(new Lane(this.program, this.queue, { ...task, threads }));
    return lane.opened;
  }

  /** Films to be under way at a time, so that no lane waits for its next. */
  get atOnce(): number {
    return 4 * this.lanes.length;
  }

  /** @throws AppError as `readFilm`, `prepareFilm` and `scorePrepared` do; `WORKER_LOST` for a film that kills its thread. */
  score(file: string): Promise<ScoreResult> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ file, resolve, reject });
      if (this.isUseless) this.refuseAll();
      else this.takeAll();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    this.refuseAll();
    await Promise.all(this.lanes.map((lane) => lane.close()));
  }

  private get isUseless(): boolean {
    return this.closed || this.failed === this.lanes.length;
  }

  private takeAll(): void {
    for (const lane of this.lanes) lane.take();
  }

  private refuseAll(): void {
    for (const { reject } of this.waiting.splice(0)) reject(this.error);
  }
}
