import { AppError, throwIfAborted } from '../../core/errors.js';
import { startSha256, type StartHash } from '../../core/pack/hash.js';
import { parseManifest, type PackFile } from '../../core/pack/manifest.js';
import { openSingleFilePack } from '../../core/pack/single-file.js';
import type { ByteSource } from '../../core/torch/tensor.js';
import type { ByteProgress, PackSink, PackSource, RunOptions } from '../ports.js';
import { addPack, requireRoom, type AddedPack } from './add-pack.js';
import { filesOf, type PackLibrary } from './pack-library.js';

/**
 * Copies a single-file pack into the library, every file hashed on its way.
 *
 * @throws AppError `PACK_*` for a file that is no sound pack, `STORAGE_FULL`, `ABORTED`; nothing stays then.
 */
export async function installPack(
  library: PackLibrary,
  file: { readonly name: string; readonly bytes: ByteSource },
  { signal, onProgress, startHash = startSha256 }: RunOptions<ByteProgress> & { readonly startHash?: StartHash } = {},
): Promise<AddedPack> {
  const source = await openSingleFilePack(file.bytes);
  const manifestBytes = await source.manifest(signal);
  const files = filesOf(parseManifest(manifestBytes));
  const total = files.reduce((sum, { bytes }) => sum + bytes, manifestBytes.byteLength);
  await requireRoom(library, total);
  return addPack(library, file.name, async (sink) => {
    let loaded = 0;
    const advance = (bytes: number): void => onProgress?.({ loaded: (loaded += bytes), total });
    for (const one of files) await copyFile(one, source, sink, startHash, { signal, onProgress: advance });
    throwIfAborted(signal);
    await sink.commit(manifestBytes);
    advance(manifestBytes.byteLength);
  });
}

async function copyFile(
  file: PackFile,
  source: PackSource,
  sink: PackSink,
  startHash: StartHash,
  { signal, onProgress }: RunOptions<number>,
) {
  const { chunks } = await source.open(file.path, 0, signal);
  const out = await sink.create(file.path, file.bytes);
  const hash = await startHash();
  let length = 0;
  for await (const chunk of chunks) {
    throwIfAborted(signal);
    length += chunk.byteLength;
    if (length > file.bytes) break;
    hash.update(chunk);
    await out.write(chunk);
    onProgress?.(chunk.byteLength);
  }
  await out.close(file);
  if (length === file.bytes && hash.hex() === file.sha256) return;
  throw new AppError('PACK_HASH', `The pack's file ${file.path} has other bytes than its manifest says.`, {
    file: file.path,
    sha256: file.sha256,
  });
}
