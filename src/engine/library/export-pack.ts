import { crc32 } from '../../core/crc32.js';
import { AppError, throwIfAborted } from '../../core/errors.js';
import { MANIFEST_NAME } from '../../core/pack/single-file.js';
import { StoredZip } from '../../core/pack/stored-zip.js';
import type { ByteProgress, RunOptions } from '../ports.js';
import { filesOf, type PackLibrary } from './pack-library.js';

const CHUNK = 4 << 20;

/**
 * A pack as one file, byte for byte what it is here. The files are passed over once for their checksums and stay where they lie:
 * the blob refers to them.
 *
 * @throws AppError `PACK_NOT_FOUND` if the pack or one of its files is gone, `ABORTED`.
 */
export async function exportPack(
  library: PackLibrary,
  id: string,
  { signal, onProgress }: RunOptions<ByteProgress> = {},
): Promise<Blob> {
  const manifest = (await library.find(id))?.manifest;
  if (!manifest) throw new AppError('PACK_NOT_FOUND', `The library has no sound pack ${id}.`, { id });
  const names = [MANIFEST_NAME, ...new Set(filesOf(manifest).map(({ path }) => path))];
  const files = await Promise.all(names.map((name) => library.readFile(id, name)));
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let loaded = 0;
  const zip = new StoredZip();
  const parts: BlobPart[] = [];
  for (const [i, file] of files.entries()) {
    let checksum = 0;
    for (let at = 0; at < file.size; at += CHUNK) {
      throwIfAborted(signal);
      const chunk = new Uint8Array(await file.slice(at, at + CHUNK).arrayBuffer());
      checksum = crc32(chunk, checksum);
      onProgress?.({ loaded: (loaded += chunk.byteLength), total });
    }
    parts.push(zip.header({ name: names[i]!, byteLength: file.size, crc32: checksum }), file);
  }
  return new Blob([...parts, zip.finish()], { type: 'application/zip' });
}
