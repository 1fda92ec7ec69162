import { AppError } from '../../core/errors.js';
import { PackLibrary } from '../../engine/library/pack-library.js';
import type { PackSource, PackStore } from '../../engine/ports.js';
import { LIBRARY_SCHEME } from '../api.js';
import { fetchSource } from './fetch-source.js';
import { openOpfsLibrary } from './opfs-library.js';
import { openOpfsStore } from './opfs-store.js';

/**
 * The files of a pack: from a server, kept by their hashes, or from this machine's library.
 *
 * @throws AppError `PACK_NOT_FOUND` for a pack that the library does not have, or that was deleted from it.
 */
export async function openPack(packUrl: string): Promise<{ readonly source: PackSource; readonly store: PackStore | undefined }> {
  if (!packUrl.startsWith(LIBRARY_SCHEME)) return { source: fetchSource(packUrl), store: await openOpfsStore() };
  const id = packUrl.slice(LIBRARY_SCHEME.length);
  const library = new PackLibrary(await openOpfsLibrary());
  const pack = await library.find(id);
  if (!pack || pack.deleted !== undefined)
    throw new AppError('PACK_NOT_FOUND', 'This model is no longer in the library.', { id });
  return { source: library.source(id), store: undefined };
}
