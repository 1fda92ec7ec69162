import { readFileSync } from 'node:fs';
import { nativeRuntime } from '../../cli/ports/ort-runtime.js';
import { MemoryFolders } from '../../engine/testing/memory-library.js';
import { libraryApi } from '../library.js';
import { createLibraryClient, type LibraryClient } from '../library-client.js';
import { exposeAlive } from '../rpc.js';
import { FakeWorker } from './fake-worker.js';

/** The library's client and worker, both real, over folders in memory. */
export function memoryLibrary(folders = new MemoryFolders()): {
  readonly client: LibraryClient;
  readonly folders: MemoryFolders;
} {
  const api = libraryApi({
    folders: () => Promise.resolve(folders),
    runtime: () => nativeRuntime(1),
    merges: () => Promise.resolve(readFileSync(new URL('../../../public/tokenizer/clip-merges.txt', import.meta.url), 'utf8')),
  });
  const createWorker = () => new FakeWorker((endpoint) => exposeAlive(api, endpoint));
  return { client: createLibraryClient({ createWorker, assetsUrl: 'http://127.0.0.1/' }), folders };
}
