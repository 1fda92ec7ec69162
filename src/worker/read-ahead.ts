import type { FilmSource } from './decoder-api.js';

const FILES = 8;
const MOST_BYTES = 1 << 22;
/** A larger file is read by whoever decodes it, beside which the reading costs little. */
const SMALL_BYTES = 1 << 20;

/**
 * The bytes of small files, several to a read: in Chromium a read costs a millisecond however short it is, and a third of that for
 * each of eight in one. Holds what one read gave, until it is taken or the next one is made.
 */
export class ReadAhead {
  #held = new Map<Blob, Promise<Uint8Array | undefined>>();

  /**
   * The bytes of a small file, read together with those that follow; else, or if they cannot be read together, what was given:
   * read by itself, a file that has vanished is an error of its own.
   */
  async take(source: FilmSource, following: () => Iterable<FilmSource>): Promise<FilmSource | Uint8Array> {
    if (!isSmall(source)) return source;
    if (!this.#held.has(source)) this.#held = readTogether(gather(source, following()));
    const bytes = this.#held.get(source);
    this.#held.delete(source);
    return (await bytes) ?? source;
  }

  clear(): void {
    this.#held.clear();
  }
}

function isSmall(source: FilmSource): source is Blob {
  return source instanceof Blob && source.size > 0 && source.size <= SMALL_BYTES;
}

/** A file and those of its followers that are small, as many as may be read together. */
function gather(first: Blob, following: Iterable<FilmSource>): ReadonlySet<Blob> {
  const files = new Set([first]);
  let bytes = first.size;
  for (const source of following) {
    if (!isSmall(source)) continue;
    bytes += source.size;
    if (bytes > MOST_BYTES) break;
    files.add(source);
    if (files.size === FILES) break;
  }
  return files;
}

function readTogether(files: ReadonlySet<Blob>): Map<Blob, Promise<Uint8Array | undefined>> {
  const held = new Map<Blob, Promise<Uint8Array | undefined>>();
  if (files.size < 2) return held;
  const together = new Blob([...files]);
  const read = together.arrayBuffer().catch(() => undefined);
  let at = 0;
  for (const file of files) {
    const [from, to] = [at, (at += file.size)];
    // A copy: with a part of the buffer, a worker would be sent the whole.
    held.set(
      file,
      read.then((buffer) => (buffer?.byteLength === together.size ? new Uint8Array(buffer.slice(from, to)) : undefined)),
    );
  }
  return held;
}
