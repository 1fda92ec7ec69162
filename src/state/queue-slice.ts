/** The queue's part of the state; `list-runner.ts` works it. */
export interface QueueSlice {
  readonly paused: boolean;
  /** Milliseconds a film, from the last ones scored; undefined until there are enough. */
  readonly pace: number | undefined;
  /** Scores no further film until `resumeQueue`; those under way are finished. */
  pauseQueue(): void;
  resumeQueue(): void;
  /** Takes all that wait or are under way out of the queue. */
  stopQueue(): void;
  /** Puts films back into the queue that failed or were stopped: these, or all of them. */
  retry(ids?: readonly number[]): void;
}
