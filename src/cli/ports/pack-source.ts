import { open, stat, type FileHandle } from 'node:fs/promises';
import { AppError } from '../../core/errors.js';
import { openSingleFilePack } from '../../core/pack/single-file.js';
import type { ByteSource } from '../../core/torch/tensor.js';
import type { PackSource } from '../../engine/ports.js';
import { folderSource } from './folder-source.js';

export interface OpenedPack extends PackSource {
  close(): Promise<void>;
}

/**
 * A pack by its path: a folder, or a single file.
 *
 * @throws AppError `PACK_NOT_FOUND`, `PACK_INVALID`.
 */
export async function openPackSource(path: string): Promise<OpenedPack> {
  const facts = await stat(path).catch((cause: unknown) => {
    throw new AppError('PACK_NOT_FOUND', `There is no pack at ${path}.`, { path }, { cause });
  });
  if (facts.isDirectory()) return { ...folderSource(path), close: () => Promise.resolve() };
  const handle = await open(path, 'r').catch((cause: unknown) => {
    throw new AppError('PACK_NOT_FOUND', `The pack ${path} cannot be opened.`, { path }, { cause });
  });
  try {
    return { ...(await openSingleFilePack(fileBytes(handle, facts.size))), close: () => handle.close() };
  } catch (thrown) {
    await handle.close();
    throw thrown;
  }
}

function fileBytes(handle: FileHandle, byteLength: number): ByteSource {
  return {
    byteLength,
    async slice(from, to) {
      const bytes = new Uint8Array(to - from);
      let at = 0;
      while (at < bytes.length) {
        const { bytesRead } = await handle.read(bytes, at, bytes.length - at, from + at);
        if (bytesRead === 0) return bytes.subarray(0, at);
        at += bytesRead;
      }
      return bytes;
    },
  };
}
