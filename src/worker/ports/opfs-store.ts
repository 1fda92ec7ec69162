import type { PackStore } from '../../engine/ports.js';

const FOLDER = 'pack-files';
const PARTIAL = '.part';

/**
 * Pack files in the origin's private file system, by hash. Synchronous handles, since they are what every browser has in a
 * worker. Undefined where there is no such file system (some private windows): the pack is then fetched at each visit.
 */
export async function openOpfsStore(): Promise<PackStore | undefined> {
  try {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(FOLDER, { create: true });
    return new OpfsStore(folder);
  } catch {
    return undefined;
  }
}

/**
 * A store that fails (full, locked by another tab, gone) costs a download and nothing else: every failure here reads as "not
 * there", and what was not kept is fetched again next time.
 */
class OpfsStore implements PackStore {
  constructor(private readonly folder: FileSystemDirectoryHandle) {}

  read(sha256: string): Promise<Uint8Array | undefined> {
    return this.readFile(sha256);
  }

  readPartial(sha256: string): Promise<Uint8Array | undefined> {
    return this.readFile(sha256 + PARTIAL);
  }

  async appendPartial(sha256: string, chunk: Uint8Array): Promise<void> {
    await this.write(sha256 + PARTIAL, (handle) => void handle.write(whole(chunk), { at: handle.getSize() }));
  }

  async settlePartial(sha256: string, verified: Uint8Array | undefined): Promise<void> {
    if (verified) {
      await this.write(sha256, (handle) => {
        handle.truncate(0);
        handle.write(whole(verified), { at: 0 });
        handle.flush();
      });
    }
    await this.folder.removeEntry(sha256 + PARTIAL).catch(() => undefined);
  }

  private async readFile(name: string): Promise<Uint8Array | undefined> {
    try {
      const file = await (await this.folder.getFileHandle(name)).getFile();
      return new Uint8Array(await file.arrayBuffer());
    } catch {
      return undefined;
    }
  }

  private async write(name: string, write: (handle: FileSystemSyncAccessHandle) => void): Promise<void> {
    let handle: FileSystemSyncAccessHandle | undefined;
    try {
      handle = await (await this.folder.getFileHandle(name, { create: true })).createSyncAccessHandle();
      write(handle);
    } catch {
      // See the class: the worst is a download.
    } finally {
      handle?.close();
    }
  }
}

/** File system calls take no view of shared memory; ours never is, which the type cannot know. */
function whole(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}
