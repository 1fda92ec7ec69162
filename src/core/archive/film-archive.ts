import { AppError, toAppError } from '../errors.js';
import { MAX_FILE_BYTES } from '../film/limits.js';
import type { ErrorValue } from '../result.js';
import type { ByteSource } from '../torch/tensor.js';
import { readZipEntries, type ZipEntry } from '../torch/zip-directory.js';
import { looksLikeArchive, looksLikeFilm } from './film-names.js';

/** A film in an archive: where it lies, or why it is not read. */
export interface ArchivedFilm {
  /** Its path within the archive. */
  readonly name: string;
  readonly entry: ZipEntry;
  readonly refused: ErrorValue | undefined;
}

export interface FilmArchive {
  readonly films: readonly ArchivedFilm[];
  /** Files that are neither films nor archives, by their names. */
  readonly leftOut: number;
}

export const MOST_ENTRIES = 20_000;
/** Images hardly shrink in a zip; an uncompressed scan with wide black borders may, but not by this much. */
export const MOST_RATIO = 200;
/** Below, a ratio says nothing: an empty frame of a megabyte may shrink a thousandfold. */
const RATIO_FROM_BYTES = 1_000_000;

/**
 * Lists the films of a zip archive from its directory alone: nothing is unpacked. What is wrong with one entry stays with it.
 *
 * @throws AppError `ZIP_INVALID` for what is no zip archive or contradicts itself, `ZIP_BOMB` for too many entries, entries that
 * share bytes, or a size unpacked out of all proportion; `NO_FILMS`.
 */
export async function listFilmArchive(source: ByteSource): Promise<FilmArchive> {
  const entries = await asZipFault(() => readZipEntries(source, decodeName));
  checkArchive(entries, source.byteLength);
  const films: ArchivedFilm[] = [];
  let leftOut = 0;
  for (const entry of entries) {
    const { name } = entry;
    if (name.endsWith('/')) continue;
    if (looksLikeFilm(name) || looksLikeArchive(name)) films.push({ name, entry, refused: refusalOf(entry) });
    else leftOut++;
  }
  if (films.length === 0)
    throw new AppError('NO_FILMS', `None of the archive's ${entries.length} entries is a film by its name.`);
  return { films, leftOut };
}

/** Refuses an archive that is made to do harm, before a byte of it is unpacked. */
function checkArchive(entries: readonly ZipEntry[], archiveBytes: number): void {
  if (entries.length > MOST_ENTRIES)
    throw new AppError('ZIP_BOMB', `The archive has ${entries.length} entries, more than ${MOST_ENTRIES}.`, {
      entries: entries.length,
      limit: MOST_ENTRIES,
    });
  const unpacked = entries.reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (unpacked > RATIO_FROM_BYTES && unpacked > MOST_RATIO * archiveBytes)
    throw new AppError('ZIP_BOMB', `The archive's ${archiveBytes} bytes would unpack to ${unpacked}.`, {
      bytes: archiveBytes,
      unpacked,
    });
  let end = 0;
  for (const { name, headerOffset, packedLength } of entries.toSorted((a, b) => a.headerOffset - b.headerOffset)) {
    if (headerOffset < end)
      throw new AppError('ZIP_BOMB', `The entry ${name} shares bytes with another.`, { entry: name, offset: headerOffset });
    end = headerOffset + LOCAL_HEADER_BYTES + packedLength;
  }
}

const LOCAL_HEADER_BYTES = 30;

function refusalOf(entry: ZipEntry): ErrorValue | undefined {
  const { name, byteLength, packedLength, method, encrypted } = entry;
  const detail = { entry: name };
  if (encrypted) return { code: 'ZIP_ENCRYPTED', message: `The entry ${name} is encrypted.`, detail };
  if (looksLikeArchive(name)) return { code: 'ZIP_NESTED', message: `The entry ${name} is an archive itself.`, detail };
  if (method !== 0 && method !== 8)
    return {
      code: 'ZIP_UNSUPPORTED',
      message: `The entry ${name} is packed by method ${method}.`,
      detail: { ...detail, method },
    };
  if (byteLength > MAX_FILE_BYTES)
    return {
      code: 'TOO_LARGE',
      message: `The entry ${name} has ${byteLength} bytes, more than ${MAX_FILE_BYTES}.`,
      detail: { ...detail, bytes: byteLength, limit: MAX_FILE_BYTES },
    };
  if (byteLength > RATIO_FROM_BYTES && byteLength > MOST_RATIO * packedLength)
    return {
      code: 'ZIP_BOMB',
      message: `The entry ${name} would unpack from ${packedLength} bytes to ${byteLength}.`,
      detail: { ...detail, packed: packedLength, bytes: byteLength },
    };
  return undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
/** What Windows wrote before it wrote UTF-8, in China; other old code pages give other letters, but a name all the same. */
const old = new TextDecoder('gb18030');

function decodeName(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return old.decode(bytes);
  }
}

/** The zip reader is the checkpoint reader's, and so are its errors; here the archive holds films. */
export async function asZipFault<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (thrown) {
    const { code, message, detail } = toAppError(thrown);
    if (code !== 'CHECKPOINT_INVALID' && code !== 'CHECKPOINT_UNSUPPORTED') throw thrown;
    throw new AppError('ZIP_INVALID', message, detail, { cause: thrown });
  }
}
