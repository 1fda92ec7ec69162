import { AppError } from '../../core/errors.js';
import type { PackFile } from '../../core/pack/manifest.js';
import { MANIFEST_NAME } from '../../core/pack/single-file.js';
import type { PackFileWriter, PackSink } from '../ports.js';
import { RECORD_NAME, type LibraryPack, type PackLibrary } from './pack-library.js';
import { writeRecord } from './pack-record.js';
import type { FileSink } from './ports.js';

export interface AddedPack {
  readonly pack: LibraryPack;
  /** It was there already: this is the one that was. */
  readonly known: boolean;
}

/** Kept free beside a pack, so that the browser does not come to its limit. */
const MARGIN = 8_000_000;

/** @throws AppError `STORAGE_FULL` if so many bytes will not fit. */
export async function requireRoom({ folders }: PackLibrary, bytes: number): Promise<void> {
  const room = await folders.room();
  if (room === undefined || room >= bytes + MARGIN) return;
  const left = Math.max(0, room - MARGIN);
  throw new AppError('STORAGE_FULL', `The pack needs ${bytes} bytes; the browser allows ${left} more.`, { needed: bytes, left });
}

/**
 * Adds a pack to the library. `fill` writes it into the sink and commits it; if it fails or is stopped, nothing stays. A pack that
 * is there already stays as it is, and is given back in place of its copy.
 *
 * @param file name of the file that the pack comes from.
 * @throws AppError `STORAGE_FULL`, `PACK_INVALID` if `fill` commits no valid manifest, and what `fill` throws.
 */
export async function addPack(
  library: PackLibrary,
  file: string,
  fill: (sink: PackSink) => Promise<unknown>,
): Promise<AddedPack> {
  const id = crypto.randomUUID();
  const release = await library.folders.claim(id);
  const sink = new LibrarySink(library, id);
  try {
    const added = library.now().toISOString();
    await library.writeFile(
      id,
      RECORD_NAME,
      writeRecord({ label: undefined, added, file, deleted: undefined, evaluation: undefined }),
    );
    await fill(sink);
    const pack = await library.find(id);
    if (!pack?.manifest) throw new AppError('PACK_INVALID', 'The new pack has no valid manifest.');
    const twin = await findTwin(library, pack);
    if (!twin) return { pack, known: false };
    await sink.discard();
    return { pack: twin, known: true };
  } catch (thrown) {
    await sink.discard();
    throw thrown;
  } finally {
    release?.();
  }
}

/** A folder of the library while it is filled: the manifest, which makes it a pack, is written last. */
class LibrarySink implements PackSink {
  #open: FileSink | undefined;

  constructor(
    private readonly library: PackLibrary,
    private readonly id: string,
  ) {}

  async create(path: string): Promise<PackFileWriter> {
    const sink = await this.library.folders.write(this.id, path);
    this.#open = sink;
    return {
      write(chunk) {
        sink.write(chunk);
        return Promise.resolve();
      },
      close: () => {
        this.#open = undefined;
        sink.close();
        return Promise.resolve();
      },
    };
  }

  async read({ path }: PackFile): Promise<Uint8Array> {
    const file = await this.library.folders.read(this.id, path);
    if (!file) throw new AppError('INTERNAL', `The new pack's file ${path} is gone.`, { file: path });
    return new Uint8Array(await file.arrayBuffer());
  }

  commit(manifest: Uint8Array): Promise<void> {
    return this.library.writeFile(this.id, MANIFEST_NAME, manifest);
  }

  async discard(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    try {
      // A file that is still open cannot be removed.
      open?.close();
    } catch {
      // It is closed all the same; what could not be written is not wanted any more.
    }
    try {
      await this.library.folders.remove(this.id);
    } catch {
      // Without a manifest it is no pack, and the next look at the library removes it.
    }
  }
}

/** The same pack in another folder; if it was deleted, that is taken back. */
async function findTwin(library: PackLibrary, { id, sha256 }: LibraryPack): Promise<LibraryPack | undefined> {
  for (const name of await library.folders.names()) {
    const other = name === id ? undefined : await library.find(name);
    if (other?.sha256 !== sha256) continue;
    if (other.deleted === undefined) return other;
    await library.restore(name);
    return { ...other, deleted: undefined };
  }
  return undefined;
}
