import { open, type FileHandle } from 'node:fs/promises';
import { AppError } from '../../core/errors.js';
import type { ByteSource } from '../../core/torch/tensor.js';

/** A file of any length, open for reading where it lies. */
export interface OpenedFile {
  readonly source: ByteSource;
  close(): Promise<void>;
}

/** Throws what `open` of Node throws; for a folder or a device, an `AppError` `FILE_VANISHED`. */
export async function openFile(path: string): Promise<OpenedFile> {
  const handle = await open(path, 'r');
  const facts = await handle.stat();
  if (!facts.isFile()) {
    await handle.close();
    throw new AppError('FILE_VANISHED', `${path} is not a file.`, { path });
  }
  const { size } = facts;
  return { source: fileBytes(handle, size), close: () => handle.close() };
}

const PIECE_BYTES = 1 << 20;

function fileBytes(handle: FileHandle, byteLength: number): ByteSource {
  /** Fills `bytes` from `from` on; what comes back is shorter where the file ends. */
  const fill = async (bytes: Uint8Array, from: number): Promise<Uint8Array> => {
    let at = 0;
    while (at < bytes.length) {
      const { bytesRead } = await handle.read(bytes, at, bytes.length - at, from + at);
      if (bytesRead === 0) return bytes.subarray(0, at);
      at += bytesRead;
    }
    return bytes;
  };
  return {
    byteLength,
    slice: (from, to) => fill(new Uint8Array(to - from), from),
    async *pieces(from, to) {
      const room = new Uint8Array(Math.min(PIECE_BYTES, to - from));
      for (let at = from; at < to; at += room.length) yield fill(room.subarray(0, Math.min(room.length, to - at)), at);
    },
  };
}
