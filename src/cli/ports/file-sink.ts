import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from '../../core/crc32.js';
import { MANIFEST_NAME } from '../../core/pack/single-file.js';
import { StoredZip } from '../../core/pack/stored-zip.js';
import { parseManifest, type PackFile } from '../../core/pack/manifest.js';
import type { PackFileWriter, PackSink } from '../../engine/ports.js';
import { openFile } from './file-bytes.js';
import { FolderSink } from './folder-sink.js';

const CHUNK = 1 << 20;

/** A new pack in one file: in a folder beside it first, since zip names a file's checksum before its bytes. */
export class FileSink implements PackSink {
  readonly #target: string;
  readonly #folder: string;
  readonly #inner: FolderSink;

  /** `target` is not there yet. */
  constructor(target: string) {
    this.#target = target;
    this.#folder = `${target}.files-${process.pid}`;
    this.#inner = new FolderSink(this.#folder);
  }

  create(path: string): Promise<PackFileWriter> {
    return this.#inner.create(path);
  }

  read(file: PackFile): Promise<Uint8Array> {
    return this.#inner.read(file);
  }

  async commit(manifest: Uint8Array): Promise<void> {
    await this.#inner.commit(manifest);
    const names = Object.values(parseManifest(manifest).files).flatMap((file) => (file ? [file.path] : []));
    const part = `${this.#target}.partial-${process.pid}`;
    try {
      const out = await open(part, 'wx');
      await writeArchive(out, this.#folder, [MANIFEST_NAME, ...names]).finally(() => out.close());
      await rename(part, this.#target);
    } finally {
      await rm(part, { force: true });
      await rm(this.#folder, { recursive: true, force: true });
    }
  }

  async discard(): Promise<void> {
    await this.#inner.discard();
    await rm(this.#folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function writeArchive(out: FileHandle, folder: string, names: readonly string[]): Promise<void> {
  const zip = new StoredZip();
  for (const name of names) {
    const file = await openFile(join(folder, name));
    const { source } = file;
    try {
      const pieces = async function* () {
        for (let at = 0; at < source.byteLength; at += CHUNK) yield source.slice(at, Math.min(at + CHUNK, source.byteLength));
      };
      let checksum = 0;
      for await (const piece of pieces()) checksum = crc32(piece, checksum);
      await out.writeFile(zip.header({ name, byteLength: source.byteLength, crc32: checksum }));
      for await (const piece of pieces()) await out.writeFile(piece);
    } finally {
      await file.close();
    }
  }
  await out.writeFile(zip.finish());
}
