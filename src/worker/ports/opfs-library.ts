import { AppError } from '../../core/errors.js';
import type { FileSink, LibraryFolders } from '../../engine/library/ports.js';

const HOME = 'pack-library';

/**
 * The library's folders in the origin's private file system. Files are written through synchronous handles, since they are what
 * every browser has in a worker.
 *
 * @throws AppError `STORAGE_FULL` where there is no such file system (some private windows).
 */
export async function openOpfsLibrary(): Promise<LibraryFolders> {
  try {
    const root = await navigator.storage.getDirectory();
    return new OpfsLibrary(await root.getDirectoryHandle(HOME, { create: true }));
  } catch (cause) {
    throw new AppError('STORAGE_FULL', 'This browser keeps no files for a page here.', {}, { cause });
  }
}

class OpfsLibrary implements LibraryFolders {
  constructor(private readonly home: FileSystemDirectoryHandle) {}

  async names(): Promise<readonly string[]> {
    const names: string[] = [];
    for await (const [name, handle] of this.home.entries()) if (handle.kind === 'directory') names.push(name);
    return names;
  }

  async read(folder: string, file: string): Promise<Blob | undefined> {
    try {
      const handle = await (await this.home.getDirectoryHandle(folder)).getFileHandle(file);
      return await handle.getFile();
    } catch (thrown) {
      if (thrown instanceof DOMException && thrown.name === 'NotFoundError') return undefined;
      throw thrown;
    }
  }

  async write(folder: string, file: string): Promise<FileSink> {
    return this.guard(async () => {
      const place = await this.home.getDirectoryHandle(folder, { create: true });
      const handle = await (await place.getFileHandle(file, { create: true })).createSyncAccessHandle();
      return sinkOver(handle);
    });
  }

  async remove(folder: string): Promise<void> {
    await this.home.removeEntry(folder, { recursive: true }).catch((thrown: unknown) => {
      if (!(thrown instanceof DOMException && thrown.name === 'NotFoundError')) throw thrown;
    });
  }

  claim(folder: string): Promise<(() => void) | undefined> {
    const { locks } = navigator as { readonly locks?: LockManager };
    if (!locks) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      const held = locks.request(`${HOME}/${folder}`, { ifAvailable: true }, (lock) => {
        if (!lock) return resolve(undefined);
        return new Promise<void>((release) => resolve(release));
      });
      held.catch(reject);
    });
  }

  async room(): Promise<number | undefined> {
    const { quota, usage } = await navigator.storage.estimate();
    return quota === undefined || usage === undefined ? undefined : quota - usage;
  }

  private guard<T>(work: () => Promise<T>): Promise<T> {
    return work().catch((thrown: unknown) => {
      throw storageFault(thrown);
    });
  }
}

function sinkOver(handle: FileSystemSyncAccessHandle): FileSink {
  try {
    handle.truncate(0);
  } catch (thrown) {
    handle.close();
    throw storageFault(thrown);
  }
  let at = 0;
  return {
    write(chunk) {
      try {
        // A disk that fills up takes a part, or nothing.
        const taken = handle.write(chunk, { at });
        if (taken < chunk.byteLength) throw new DOMException('Not all bytes were taken.', 'QuotaExceededError');
        at += taken;
      } catch (thrown) {
        throw storageFault(thrown);
      }
    },
    close() {
      try {
        handle.flush();
      } finally {
        handle.close();
      }
    },
  };
}

function storageFault(thrown: unknown): unknown {
  if (!(thrown instanceof DOMException) || thrown.name !== 'QuotaExceededError') return thrown;
  return new AppError('STORAGE_FULL', 'The browser took no more of the file.', {}, { cause: thrown });
}
