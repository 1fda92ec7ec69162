import type { Backend } from '../../core/result.js';
import type { Runtime, Tensor } from '../ports.js';

export type Feeds = Readonly<Record<string, Tensor>>;

/** A runtime whose graph is a function. Counts its sessions that are open. */
export class FakeRuntime implements Runtime {
  sessions = 0;
  readonly fed: Feeds[] = [];

  constructor(
    readonly backend: Backend,
    private readonly graph: (feeds: Feeds) => Feeds,
  ) {}

  open() {
    this.sessions++;
    return Promise.resolve({
      run: async (feeds: Feeds) => {
        await Promise.resolve();
        this.fed.push(feeds);
        return this.graph(feeds);
      },
      release: () => {
        this.sessions--;
        return Promise.resolve();
      },
    });
  }
}

/** A runtime that does not open. */
export function brokenRuntime(backend: Backend, error: Error): Runtime {
  return { backend, open: () => Promise.reject(error) };
}
