import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../core/errors.js';
import type { PackSource } from '../../engine/ports.js';

const MANIFEST = 'manifest.json';
/** Large reads: a tower of hundreds of megabytes is copied once, from here to its place. */
const CHUNK = 1 << 20;
/** A manifest is some kilobytes; `parseManifest` refuses one of more than a megabyte. */
const MANIFEST_LIMIT = 1_000_001;

/** A pack in a folder on disk. */
export function folderSource(folder: string): PackSource {
  return {
    async manifest(signal) {
      const path = join(folder, MANIFEST);
      const chunks: Buffer[] = [];
      for await (const chunk of stream(path, { end: MANIFEST_LIMIT - 1, signal })) chunks.push(chunk);
      return new Uint8Array(Buffer.concat(chunks));
    },
    open(file, offset, signal) {
      return Promise.resolve({ start: offset, chunks: stream(join(folder, file), { start: offset, signal }) });
    },
  };
}

interface StreamOptions {
  readonly start?: number;
  readonly end?: number;
  readonly signal?: AbortSignal | undefined;
}

async function* stream(path: string, { signal, ...range }: StreamOptions): AsyncGenerator<Buffer> {
  try {
    const handle = await open(path, 'r');
    const options = signal ? { ...range, signal } : range;
    for await (const chunk of createReadStream(path, { fd: handle, highWaterMark: CHUNK, ...options })) yield chunk as Buffer;
  } catch (thrown) {
    if (signal?.aborted) throw new AppError('ABORTED', 'Stopped.', {}, { cause: thrown });
    const reason = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown);
    throw new AppError(
      'PACK_NOT_FOUND',
      `The pack's file ${path} cannot be read (${reason}).`,
      { file: path },
      { cause: thrown },
    );
  }
}
