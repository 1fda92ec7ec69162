import type { PackFile } from '../core/pack/manifest.js';
import type { PackFileWriter, PackSink } from './ports.js';

/** A new pack's files in memory, by name: for small packs and for those that are scored at once and not kept. */
export class MemorySink implements PackSink {
  readonly files = new Map<string, Uint8Array>();

  create(path: string, byteLength: number): Promise<PackFileWriter> {
    const bytes = new Uint8Array(byteLength);
    let position = 0;
    return Promise.resolve({
      write: (chunk) => {
        bytes.set(chunk, position);
        position += chunk.byteLength;
        return Promise.resolve();
      },
      close: () => {
        this.files.set(path, bytes);
        return Promise.resolve();
      },
    });
  }

  read({ path }: PackFile): Promise<Uint8Array> {
    return Promise.resolve(this.files.get(path)!);
  }

  commit(manifest: Uint8Array): Promise<void> {
    this.files.set('manifest.json', manifest);
    return Promise.resolve();
  }

  discard(): Promise<void> {
    this.files.clear();
    return Promise.resolve();
  }
}
