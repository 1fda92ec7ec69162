import { AppError, toAppError } from '../../core/errors.js';
import { sha256 } from '../../core/pack/hash.js';
import { checkEvaluation } from '../../core/pack/evaluation.js';
import { parseManifest, type Manifest, type PackFile } from '../../core/pack/manifest.js';
import { MANIFEST_NAME } from '../../core/pack/single-file.js';
import type { ErrorValue, PackEvaluation } from '../../core/result.js';
import type { PackSource } from '../ports.js';
import { cleanLabel, parseRecord, writeRecord, type PackRecord } from './pack-record.js';
import type { LibraryFolders } from './ports.js';

/** A pack of the library. */
export interface LibraryPack extends PackRecord {
  readonly id: string;
  /** SHA-256 of the manifest: the pack's identity wherever it lies. */
  readonly sha256: string;
  /** All its files together. */
  readonly bytes: number;
  /** Undefined if the manifest cannot be used; `fault` says why. */
  readonly manifest: Manifest | undefined;
  readonly fault: ErrorValue | undefined;
}

export const RECORD_NAME = 'record.json';

/** How long a deleted pack can be taken back. */
export const UNDO_MS = 15 * 60_000;

const MANIFEST_LIMIT = 1_000_000;

/** A manifest's files, each once. */
export function filesOf(manifest: Manifest): readonly PackFile[] {
  return Object.values(manifest.files).filter((file): file is PackFile => file !== undefined);
}

/**
 * The packs kept on this machine, a folder each. A folder's manifest is written last: without one it is what an import left that
 * was ended from outside, and it is removed unless that import is still under way.
 */
export class PackLibrary {
  constructor(
    readonly folders: LibraryFolders,
    readonly now: () => Date = () => new Date(),
  ) {}

  /** All packs, the newest first, deleted ones that can be taken back among them. Tidies up on the way. */
  async list(): Promise<readonly LibraryPack[]> {
    const packs: LibraryPack[] = [];
    for (const id of await this.folders.names()) {
      const pack = await this.find(id);
      if (!pack) await this.#tidy(id);
      else if (pack.deleted !== undefined && this.now().getTime() - Date.parse(pack.deleted) > UNDO_MS) await this.erase(id);
      else packs.push(pack);
    }
    return packs.sort((a, b) => b.added.localeCompare(a.added));
  }

  /** Gives a pack another name; an empty one gives its own back. */
  async rename(id: string, label: string): Promise<void> {
    await this.#change(id, { label: cleanLabel(label) });
  }

  /** Marks a pack as deleted: `restore` takes that back until it is erased. */
  async delete(id: string): Promise<void> {
    await this.#change(id, { deleted: this.now().toISOString() });
  }

  async restore(id: string): Promise<void> {
    await this.#change(id, { deleted: undefined });
  }

  /**
   * Records what its user has measured with a pack; undefined takes that back.
   *
   * @throws AppError `RESULT_INVALID` for numbers that no evaluation gives.
   */
  async evaluated(id: string, evaluation: PackEvaluation | undefined): Promise<void> {
    await this.#change(id, { evaluation: evaluation && checkEvaluation(evaluation) });
  }

  /** Removes a pack for good. */
  async erase(id: string): Promise<void> {
    await this.folders.remove(id);
  }

  /** A pack's files, for the engine. The store's own hashes are checked where they are read. */
  source(id: string): PackSource {
    const manifest = (): Promise<Blob> => this.readFile(id, MANIFEST_NAME);
    return {
      manifest: async () => new Uint8Array(await (await manifest()).slice(0, MANIFEST_LIMIT + 1).arrayBuffer()),
      evaluation: async () => (await this.find(id))?.evaluation,
      open: async (path, offset) => ({ start: offset, chunks: chunksOf((await this.readFile(id, path)).slice(offset)) }),
    };
  }

  /** A file of a pack as it lies there. @throws AppError `PACK_NOT_FOUND`. */
  async readFile(id: string, path: string): Promise<Blob> {
    const file = await this.folders.read(id, path);
    if (!file) throw new AppError('PACK_NOT_FOUND', `The library's pack ${id} has no ${path}.`, { file: path });
    return file;
  }

  /** A pack that is whole; undefined for a folder without a manifest. */
  async find(id: string): Promise<LibraryPack | undefined> {
    const file = await this.folders.read(id, MANIFEST_NAME);
    if (!file || file.size === 0) return undefined;
    const bytes = new Uint8Array(await file.slice(0, MANIFEST_LIMIT + 1).arrayBuffer());
    const kept = await this.folders.read(id, RECORD_NAME);
    const record = kept && parseRecord(await kept.slice(0, 10_000).text());
    const common = { id, sha256: sha256(bytes), ...(record ?? unknownRecord) };
    try {
      const manifest = parseManifest(bytes);
      const total = filesOf(manifest).reduce((sum, { bytes }) => sum + bytes, file.size);
      return { ...common, manifest, bytes: total, fault: undefined };
    } catch (thrown) {
      const { code, message, detail } = toAppError(thrown);
      return { ...common, manifest: undefined, bytes: file.size, fault: { code, message, detail } };
    }
  }

  async writeFile(id: string, name: string, bytes: Uint8Array): Promise<void> {
    const sink = await this.folders.write(id, name);
    try {
      sink.write(bytes);
    } finally {
      sink.close();
    }
  }

  async #change(id: string, change: Partial<PackRecord>): Promise<void> {
    const pack = await this.find(id);
    if (!pack) throw new AppError('PACK_NOT_FOUND', `The library has no pack ${id}.`, { id });
    const { label, added, file, deleted, evaluation } = { ...pack, ...change };
    await this.writeFile(id, RECORD_NAME, writeRecord({ label, added, file, deleted, evaluation }));
  }

  /** Removes what an import left behind, unless that import is still at work. */
  async #tidy(id: string): Promise<void> {
    const release = await this.folders.claim(id);
    if (!release) return;
    await this.folders.remove(id);
    release();
  }
}

const unknownRecord: PackRecord = {
  label: undefined,
  added: '',
  file: undefined,
  deleted: undefined,
  evaluation: undefined,
};

const CHUNK = 4 << 20;

async function* chunksOf(file: Blob): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.size; at += CHUNK) yield new Uint8Array(await file.slice(at, at + CHUNK).arrayBuffer());
}
