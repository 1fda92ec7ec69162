import { beforeAll, describe, expect, it } from 'vitest';
import { makeCheckpoint } from '../cli/testing/fixture-checkpoint.js';
import { MemoryFolders } from '../engine/testing/memory-library.js';
import { memoryLibrary } from './testing/memory-library.js';

let file: Blob;
beforeAll(async () => {
  file = new Blob([(await makeCheckpoint()).slice()]);
});

/** Folders that note what is written. */
class WatchedFolders extends MemoryFolders {
  readonly written: string[] = [];

  override write(folder: string, name: string) {
    this.written.push(name);
    return super.write(folder, name);
  }
}

describe('room for an import', () => {
  it.each([
    [{ storage: 'float16' }, 0.5e6],
    [{ storage: 'float32' }, 1.5e6],
    [{ storage: 'float16', keepText: true }, 7e6],
  ] as const)('is asked for before anything is written: %o', async (options, least) => {
    const folders = new WatchedFolders();
    const { client } = memoryLibrary(folders);
    folders.told = 1000;
    const error = await client.import({ name: 'mine.safetensors', file }, options).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'STORAGE_FULL', detail: { left: 0 } });
    const needed = Number((error as { detail: { needed: number } }).detail.needed);
    expect(needed).toBeGreaterThan(least);
    expect(folders.written).toEqual([]);
    // What was asked for is what it takes, and little more.
    folders.told = undefined;
    const { pack } = await client.import({ name: 'mine.safetensors', file }, options);
    expect(needed).toBeGreaterThanOrEqual(pack.bytes);
    expect(needed).toBeLessThan(pack.bytes + 2.5e6);
  });

  it('that ends on the way leaves nothing behind', async () => {
    const folders = new WatchedFolders();
    const { client } = memoryLibrary(folders);
    folders.told = 1e9;
    folders.limit = 200_000;
    await expect(client.import({ name: 'mine.safetensors', file }, {})).rejects.toMatchObject({ code: 'STORAGE_FULL' });
    expect(folders.written.length).toBeGreaterThan(0);
    expect(folders.used).toBe(0);
  });
});
