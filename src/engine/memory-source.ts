import { AppError } from '../core/errors.js';
import { MANIFEST_NAME } from '../core/pack/single-file.js';
import type { PackSource } from './ports.js';

/** A pack whose files are in memory, by name. */
export function memorySource(files: ReadonlyMap<string, Uint8Array>): PackSource {
  const find = (path: string): Uint8Array => {
    const bytes = files.get(path);
    if (!bytes) throw new AppError('PACK_NOT_FOUND', `The pack has no ${path}.`, { file: path });
    return bytes;
  };
  return {
    manifest: () => Promise.resolve(find(MANIFEST_NAME)),
    open: async (path, offset) => ({ start: offset, chunks: await Promise.resolve(one(find(path).subarray(offset))) }),
  };
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
