import { AppError, toAppError } from '../errors.js';
import type { ByteSource } from '../torch/tensor.js';
import { entryStart, readEntryBytes, readZipDirectory, type ZipDirectory } from '../torch/zip-directory.js';

export const MANIFEST_NAME = 'manifest.json';

const MANIFEST_LIMIT = 1_000_000;
const CHUNK = 1 << 20;

/** A pack in one file, open for reading: a `PackSource` of the engine. */
export interface SingleFilePack {
  manifest(signal?: AbortSignal): Promise<Uint8Array>;
  open(
    path: string,
    offset: number,
    signal?: AbortSignal,
  ): Promise<{ readonly start: number; readonly chunks: AsyncIterable<Uint8Array> }>;
}

/**
 * Opens a single-file pack: a zip archive of the pack's folder, its files stored, not compressed, at the archive's root. Only
 * the directory is read here; a file is read where it lies, so that a pack of hundreds of megabytes needs no copy of itself.
 *
 * @throws AppError `PACK_INVALID` for what is no zip archive or contradicts its own directory, `PACK_NOT_FOUND` if it has no
 * manifest. `open` throws the same, and `PACK_INVALID` for a compressed entry.
 */
export async function openSingleFilePack(source: ByteSource): Promise<SingleFilePack> {
  const directory = await asPackFault(() => readZipDirectory(source));
  return {
    manifest: () => asPackFault(() => readEntryBytes(source, find(directory, MANIFEST_NAME), MANIFEST_LIMIT)),
    open: (path, offset, signal) =>
      asPackFault(async () => {
        const entry = find(directory, path);
        const from = (await entryStart(source, entry)) + Math.min(offset, entry.byteLength);
        const to = from + entry.byteLength - Math.min(offset, entry.byteLength);
        return { start: offset, chunks: readChunks(source, from, to, signal) };
      }),
  };
}

function find(directory: ZipDirectory, name: string) {
  const entry = directory.get(name);
  if (!entry) throw new AppError('PACK_NOT_FOUND', `The pack's archive holds no ${name}.`, { file: name });
  return entry;
}

async function* readChunks(
  source: ByteSource,
  from: number,
  to: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  for (let at = from; at < to; at += CHUNK) {
    if (signal?.aborted) throw new AppError('ABORTED', 'Stopped.');
    yield await source.slice(at, Math.min(to, at + CHUNK));
  }
}

/** The archive reader is the checkpoint reader's, and so are its errors; here the archive is a pack. */
async function asPackFault<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (thrown) {
    const { code, message, detail } = toAppError(thrown);
    const isPack = code !== 'CHECKPOINT_INVALID' && code !== 'CHECKPOINT_UNSUPPORTED';
    throw isPack
      ? thrown
      : new AppError('PACK_INVALID', message.replaceAll('torch stores its files', 'a pack stores its files'), detail);
  }
}
