/**
 * What many pieces of work depend on, one after the other, and what they fail with when it ends: a worker, a graphics device.
 *
 * Racing each against one promise of the end would be shorter, and would keep what each gave until then: a promise remembers
 * whoever waits for it.
 */
export class Lifetime {
  readonly #running = new Set<(error: Error) => void>();
  #ended: Error | undefined;

  /** Pieces of work under way. */
  get running(): number {
    return this.#running.size;
  }

  /** What `work` gives or throws, or the error of the end if that comes first; after the end `work` is not begun. */
  run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise<T>((resolve, reject) => {
      this.#running.add(reject);
      (async () => work())()
        .finally(() => this.#running.delete(reject))
        .then(resolve, reject);
    });
  }

  /** Ends it: whatever runs is rejected with `error`. Only the first end counts. */
  end(error: Error): void {
    this.#ended ??= error;
    for (const reject of this.#running) reject(this.#ended);
    this.#running.clear();
  }
}
