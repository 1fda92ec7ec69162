import { mkdir, open, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackFile } from '../../core/pack/manifest.js';
import type { PackFileWriter, PackSink } from '../../engine/ports.js';

/** A new pack in a folder that has another name until it is whole, and is removed if it never is. */
export class FolderSink implements PackSink {
  readonly #target: string;
  readonly #work: string;
  #open: FileHandle | undefined;

  /** `target` is not there yet. */
  constructor(target: string) {
    this.#target = target;
    this.#work = `${target}.partial-${process.pid}`;
  }

  async create(path: string): Promise<PackFileWriter> {
    await mkdir(this.#work, { recursive: true });
    const handle = await open(join(this.#work, path), 'wx');
    this.#open = handle;
    return {
      // writeFile on a handle goes on where the last one stopped, and writes all of it.
      write: (chunk) => handle.writeFile(chunk),
      close: async () => {
        this.#open = undefined;
        await handle.close();
      },
    };
  }

  async read({ path }: PackFile): Promise<Uint8Array> {
    return new Uint8Array(await readFile(join(this.#work, path)));
  }

  async commit(manifest: Uint8Array): Promise<void> {
    const out = await this.create('manifest.json');
    await out.write(manifest);
    await out.close({ path: 'manifest.json', bytes: manifest.byteLength, sha256: '' });
    await rename(this.#work, this.#target);
  }

  async discard(): Promise<void> {
    await this.#open?.close().catch(() => undefined);
    await rm(this.#work, { recursive: true, force: true }).catch(() => undefined);
  }
}
