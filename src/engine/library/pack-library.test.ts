import { beforeEach, describe, expect, it } from 'vitest';
import { makeFixturePack } from '../../cli/testing/fixture-pack.js';
import { sha256 } from '../../core/pack/hash.js';
import { byteSource } from '../../core/torch/tensor.js';
import { loadPack } from '../load-pack.js';
import { MemoryFolders } from '../testing/memory-library.js';
import { exportPack } from './export-pack.js';
import { installPack } from './install-pack.js';
import { PackLibrary, UNDO_MS } from './pack-library.js';

const small = { width: 64, layers: 1, patch: 8, side: 16, embed: 8 };
const packs = {
  a: await makeFixturePack(small),
  b: await makeFixturePack({ ...small, seed: 7 }),
};

let folders: MemoryFolders;
let library: PackLibrary;
let clock: number;

beforeEach(() => {
  folders = new MemoryFolders();
  clock = Date.parse('2026-11-24T12:00:00Z');
  library = new PackLibrary(folders, () => new Date(clock));
});

/** A pack's files put straight into a folder, as an import would. */
function lay(id: string, files: ReadonlyMap<string, Uint8Array>): void {
  folders.folders.set(id, new Map(files));
}

async function archiveOf({ files }: typeof packs.a): Promise<Uint8Array> {
  const other = new MemoryFolders();
  other.folders.set('x', new Map(files));
  return new Uint8Array(await (await exportPack(new PackLibrary(other), 'x')).arrayBuffer());
}

const install = (bytes: Uint8Array, signal?: AbortSignal) =>
  installPack(library, { name: 'a.ppad', bytes: byteSource(bytes) }, { signal });

describe('a pack', () => {
  it('exported as one file and installed again is the same pack, and can be loaded', async () => {
    const progress: number[] = [];
    const archive = await archiveOf(packs.a);
    const { pack, known } = await installPack(
      library,
      { name: 'a.ppad', bytes: byteSource(archive) },
      { onProgress: ({ loaded, total }) => progress.push(loaded / total) },
    );
    expect(known).toBe(false);
    expect(pack).toMatchObject({
      file: 'a.ppad',
      added: '2026-11-24T12:00:00.000Z',
      manifest: { title: packs.a.manifest.title },
    });
    expect(pack.bytes).toBe([...packs.a.files.values()].reduce((sum, { byteLength }) => sum + byteLength, 0));
    expect(progress.at(-1)).toBe(1);
    expect(progress).toEqual(progress.toSorted((x, y) => x - y));
    expect((await loadPack(library.source(pack.id), undefined)).identity.sha256).toBe(pack.sha256);
    expect(sha256(new Uint8Array(await (await exportPack(library, pack.id)).arrayBuffer()))).toBe(sha256(archive));
    expect(folders.claimed.size).toBe(0);
  });

  it('that is there already is not kept twice, and one that was deleted comes back', async () => {
    const archive = await archiveOf(packs.a);
    const first = await install(archive);
    expect(await install(archive)).toEqual({ pack: first.pack, known: true });
    await library.delete(first.pack.id);
    expect((await install(archive)).pack).toMatchObject({ id: first.pack.id, deleted: undefined });
    expect(await library.list()).toHaveLength(1);
    expect(await folders.names()).toHaveLength(1);
  });

  it('is renamed on one line, and back to its own title', async () => {
    lay('a', packs.a.files);
    await library.rename('a', '  Ward 3,\n second\u0007 try ');
    expect((await library.list())[0]?.label).toBe('Ward 3, second try');
    await library.rename('a', ' ');
    expect((await library.list())[0]?.label).toBeUndefined();
    await expect(library.rename('none', 'x')).rejects.toMatchObject({ code: 'PACK_NOT_FOUND' });
  });

  it('that was deleted can be taken back for a while, and is then gone', async () => {
    lay('a', packs.a.files);
    await library.delete('a');
    expect((await library.list())[0]?.deleted).toBe('2026-11-24T12:00:00.000Z');
    await library.restore('a');
    expect((await library.list())[0]?.deleted).toBeUndefined();
    await library.delete('a');
    clock += UNDO_MS + 1;
    expect(await library.list()).toEqual([]);
    expect(folders.used).toBe(0);
  });
});

describe('what goes wrong', () => {
  it.each([
    [
      'a changed byte',
      (bytes: Uint8Array) => bytes.with(bytes.length >> 1, bytes[bytes.length >> 1]! ^ 1),
      /^PACK_(HASH|INVALID)$/,
    ],
    ['an early end', (bytes: Uint8Array) => bytes.slice(0, -100), /^PACK_INVALID$/],
    ['something else', () => new Uint8Array(500), /^PACK_INVALID$/],
  ])('%s leaves nothing behind', async (_, damage, code) => {
    lay('b', packs.b.files);
    const { used } = folders;
    await expect(install(damage(await archiveOf(packs.a)))).rejects.toMatchObject({
      code: expect.stringMatching(code) as string,
    });
    expect(folders.used).toBe(used);
    expect(await folders.names()).toEqual(['b']);
    expect(folders.claimed.size).toBe(0);
  });

  it('a stop leaves nothing behind', async () => {
    const stop = new AbortController();
    const archive = await archiveOf(packs.a);
    const onProgress = (): void => stop.abort();
    const work = installPack(library, { name: 'a', bytes: byteSource(archive) }, { signal: stop.signal, onProgress });
    await expect(work).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await folders.names()).toEqual([]);
  });

  it('a lack of room is told before, or leaves nothing behind', async () => {
    const archive = await archiveOf(packs.a);
    folders.told = 1000;
    await expect(install(archive)).rejects.toMatchObject({ code: 'STORAGE_FULL' });
    folders.told = Infinity;
    folders.limit = archive.length >> 1;
    await expect(install(archive)).rejects.toMatchObject({ code: 'STORAGE_FULL' });
    expect(folders.used).toBe(0);
  });

  it('what an import left is removed, but not while it is at work', async () => {
    const unfinished = new Map([...packs.a.files].filter(([name]) => name !== 'manifest.json'));
    lay('left', unfinished);
    lay('busy', unfinished);
    await folders.claim('busy');
    expect(await library.list()).toEqual([]);
    expect(await folders.names()).toEqual(['busy']);
  });

  it('a damaged manifest is listed with its fault, a damaged record is done without', async () => {
    lay('a', new Map([...packs.a.files, ['record.json', new TextEncoder().encode('{"version":1')]]));
    lay('b', new Map([...packs.b.files, ['manifest.json', new TextEncoder().encode('{}')]]));
    const list = await library.list();
    expect(list.find(({ id }) => id === 'a')).toMatchObject({ label: undefined, file: undefined, fault: undefined });
    expect(list.find(({ id }) => id === 'b')).toMatchObject({ manifest: undefined, fault: { code: 'PACK_INVALID' } });
    await expect(exportPack(library, 'b')).rejects.toMatchObject({ code: 'PACK_NOT_FOUND' });
    await library.erase('b');
    expect(await folders.names()).toEqual(['a']);
  });
});
