import { Inflate } from 'fflate';
import { crc32 } from '../crc32.js';
import { AppError, toAppError } from '../errors.js';
import { readRange } from '../torch/byte-cursor.js';
import type { ByteSource } from '../torch/tensor.js';
import { packedStart } from '../torch/zip-directory.js';
import { asZipFault, type ArchivedFilm } from './film-archive.js';

/** Deflate grows a byte to at most 1,032: what one push can add is bounded before it is counted. */
const CHUNK = 1 << 14;

/**
 * One file of an archive. No more than its declared size is ever held, which `listFilmArchive` has checked; its checksum is
 * compared.
 *
 * @throws AppError what the archive's list says against it; `ZIP_INVALID` for data that is damaged, cut off, or longer than declared.
 */
export async function unpackFilm(source: ByteSource, { name, entry, refused }: ArchivedFilm): Promise<Uint8Array<ArrayBuffer>> {
  if (refused) throw new AppError(refused.code, refused.message, refused.detail);
  const start = await asZipFault(() => packedStart(source, entry));
  const out = new Uint8Array(entry.byteLength);
  let at = 0;
  const take = (chunk: Uint8Array): void => {
    if (at + chunk.length > out.length)
      throw new AppError('ZIP_INVALID', `The entry ${name} unpacks to more than the ${out.length} bytes it declares.`, {
        entry: name,
      });
    out.set(chunk, at);
    at += chunk.length;
  };
  const inflate = entry.method === 0 ? undefined : new Inflate(take);
  for (let from = 0; from < entry.packedLength; from += CHUNK) {
    const to = Math.min(entry.packedLength, from + CHUNK);
    const chunk = await asZipFault(() => readRange(source, start + from, start + to));
    if (inflate) pushTo(inflate, chunk, to === entry.packedLength, name);
    else take(chunk);
  }
  if (at !== out.length || (entry.checksum !== undefined && crc32(out) !== entry.checksum))
    throw new AppError('ZIP_INVALID', `The entry ${name} is damaged: ${at} of ${out.length} bytes, or another checksum.`, {
      entry: name,
    });
  return out;
}

function pushTo(inflate: Inflate, chunk: Uint8Array, last: boolean, name: string): void {
  try {
    inflate.push(chunk, last);
  } catch (thrown) {
    const { code, message } = toAppError(thrown);
    if (code !== 'INTERNAL') throw thrown;
    throw new AppError('ZIP_INVALID', `The entry ${name} cannot be unpacked: ${message}.`, { entry: name }, { cause: thrown });
  }
}
