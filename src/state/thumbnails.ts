import type { Decoders } from '../worker/client.js';
import type { Film } from './film.js';

/** More than a screen shows at once, and a megabyte at most. */
const MOST = 320;
/** Pixels of a thumbnail made for itself. */
const SIDE = 56;

/**
 * Thumbnails of the films seen or scored last: squares of grey bytes. Older ones are dropped, and made again when their row
 * comes into sight. Beside the store: a thumbnail that comes concerns one row, not the page.
 */
export class Thumbnails {
  readonly #decoders: Decoders;
  readonly #kept = new Map<number, Uint8Array>();
  readonly #wanted = new Set<number>();
  readonly #listeners = new Map<number, () => void>();

  constructor(decoders: Decoders) {
    this.#decoders = decoders;
  }

  get(id: number): Uint8Array | undefined {
    return this.#kept.get(id);
  }

  put(id: number, pixels: Uint8Array): void {
    this.#kept.delete(id);
    this.#kept.set(id, pixels);
    for (const oldest of [...this.#kept.keys()].slice(0, Math.max(0, this.#kept.size - MOST)))
      if (!this.#listeners.has(oldest)) this.#kept.delete(oldest);
    this.#listeners.get(id)?.();
  }

  /** Has a film's thumbnail made, if it is not there. A film that cannot be decoded has none. */
  async want({ id, source, refused }: Film): Promise<void> {
    if (refused || this.#kept.has(id) || this.#wanted.has(id)) return;
    this.#wanted.add(id);
    try {
      const { thumbnail } = await this.#decoders.prepare(source, [SIDE]);
      this.put(id, thumbnail);
    } catch {
      // The row tells what is wrong with the film when it is scored or opened.
    } finally {
      this.#wanted.delete(id);
    }
  }

  /** Tells when a film's thumbnail comes; one row a film listens, and while it does the thumbnail is kept. */
  subscribe(id: number, listener: () => void): () => void {
    this.#listeners.set(id, listener);
    return () => {
      if (this.#listeners.get(id) === listener) this.#listeners.delete(id);
    };
  }
}
