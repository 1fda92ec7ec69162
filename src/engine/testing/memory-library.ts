import { AppError } from '../../core/errors.js';
import type { FileSink, LibraryFolders } from '../library/ports.js';

/** Folders in memory. `limit` is the number of bytes after which they are full. */
export class MemoryFolders implements LibraryFolders {
  readonly folders = new Map<string, Map<string, Uint8Array>>();
  readonly claimed = new Set<string>();
  limit = Infinity;
  /** What `room` says; undefined: the truth. */
  told: number | undefined;

  get used(): number {
    return [...this.folders.values()]
      .flatMap((files) => [...files.values()])
      .reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  names() {
    return Promise.resolve([...this.folders.keys()]);
  }

  read(folder: string, file: string) {
    const bytes = this.folders.get(folder)?.get(file);
    return Promise.resolve(bytes && new Blob([bytes.slice()]));
  }

  write(folder: string, file: string): Promise<FileSink> {
    const files = this.folders.get(folder) ?? new Map<string, Uint8Array>();
    this.folders.set(folder, files);
    files.set(file, new Uint8Array(0));
    return Promise.resolve({
      write: (chunk) => {
        if (this.used + chunk.byteLength > this.limit) throw new AppError('STORAGE_FULL', 'Full.');
        const before = files.get(file) ?? new Uint8Array(0);
        const after = new Uint8Array(before.byteLength + chunk.byteLength);
        after.set(before);
        after.set(chunk, before.byteLength);
        files.set(file, after);
      },
      close: () => undefined,
    });
  }

  remove(folder: string) {
    this.folders.delete(folder);
    return Promise.resolve();
  }

  claim(folder: string) {
    if (this.claimed.has(folder)) return Promise.resolve(undefined);
    this.claimed.add(folder);
    return Promise.resolve(() => void this.claimed.delete(folder));
  }

  room() {
    return Promise.resolve(this.told ?? this.limit - this.used);
  }
}
