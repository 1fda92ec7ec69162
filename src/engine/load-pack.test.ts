import { beforeAll, describe, expect, it } from 'vitest';
import { makeFixturePack } from '../cli/testing/fixture-pack.js';
import { sha256 } from '../core/pack/hash.js';
import type { PackFile } from '../core/pack/manifest.js';
import type { BuiltPack } from './build-pack.js';
import { loadPack, readPackFile } from './load-pack.js';
import { MemorySource, MemoryStore } from './testing/memory-pack.js';

const bytes = Uint8Array.from({ length: 10_500 }, (_, i) => (i * 7) % 251);
const file: PackFile = { path: 'weights.bin', bytes: bytes.byteLength, sha256: sha256(bytes) };
const sourceOf = (content: Uint8Array): MemorySource => new MemorySource(new Map([[file.path, content]]));

describe('readPackFile', () => {
  it('verifies, keeps, and asks no second time', async () => {
    const source = sourceOf(bytes);
    const store = new MemoryStore();
    const seen: number[] = [];
    expect(await readPackFile(file, source, store, { onProgress: (loaded) => seen.push(loaded) })).toEqual(bytes);
    expect(seen).toEqual([1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 10_000, 10_500]);
    expect(await readPackFile(file, source, store)).toEqual(bytes);
    expect(source.asked).toHaveLength(1);
    expect(store.partial.size).toBe(0);
  });

  it('works without a store', async () => {
    expect(await readPackFile(file, sourceOf(bytes), undefined)).toEqual(bytes);
  });

  it('goes on where an interrupted download stopped', async () => {
    const source = sourceOf(bytes);
    const store = new MemoryStore();
    source.breakAfter.set(file.path, 4000);
    await expect(readPackFile(file, source, store)).rejects.toThrow('the connection broke');
    expect(store.partial.get(file.sha256)).toEqual(bytes.subarray(0, 4000));
    expect(store.whole.size).toBe(0);
    expect(await readPackFile(file, source, store)).toEqual(bytes);
    expect(source.asked.map(({ offset }) => offset)).toEqual([0, 4000]);
    expect(store.whole.get(file.sha256)).toEqual(bytes);
  });

  it('begins again where the server knows no ranges', async () => {
    const source = sourceOf(bytes);
    const store = new MemoryStore();
    store.partial.set(file.sha256, bytes.slice(0, 2500));
    source.ranges = false;
    source.breakAfter.set(file.path, 5000);
    await expect(readPackFile(file, source, store)).rejects.toThrow('the connection broke');
    expect(store.partial.get(file.sha256)).toEqual(bytes.subarray(0, 5000));
    expect(await readPackFile(file, source, store)).toEqual(bytes);
  });

  it('asks for nothing when all bytes came but were not yet verified', async () => {
    const source = sourceOf(bytes);
    const store = new MemoryStore();
    store.partial.set(file.sha256, bytes.slice());
    expect(await readPackFile(file, source, store)).toEqual(bytes);
    expect(source.asked).toEqual([]);
    expect(store.whole.has(file.sha256)).toBe(true);
  });

  it.each([
    ['damaged', bytes.slice(0, 3000).fill(9)],
    ['too long', new Uint8Array(20_000)],
    ['whole and damaged', bytes.slice().fill(1)],
  ])('drops a kept part that is %s and fetches anew', async (_, part) => {
    const source = sourceOf(bytes);
    const store = new MemoryStore();
    store.partial.set(file.sha256, part);
    expect(await readPackFile(file, source, store)).toEqual(bytes);
    expect(source.asked.at(-1)).toEqual({ path: file.path, offset: 0 });
    expect(store.partial.size).toBe(0);
  });

  it('fetches anew what the disk has lost', async () => {
    const store = new MemoryStore();
    store.whole.set(file.sha256, bytes.slice(0, 100));
    expect(await readPackFile(file, sourceOf(bytes), store)).toEqual(bytes);
    expect(store.whole.get(file.sha256)).toEqual(bytes);
  });

  it.each([
    ['other bytes', bytes.map((byte, i) => (i === 10_499 ? byte ^ 1 : byte)), 'PACK_HASH', 0],
    ['a byte too many', Uint8Array.from([...bytes, 0]), 'PACK_HASH', 0],
    ['a byte too few', bytes.slice(0, -1), 'DOWNLOAD_FAILED', 10_499],
    ['nothing', new Uint8Array(0), 'DOWNLOAD_FAILED', 0],
  ])('refuses %s and keeps nothing as whole', async (_, content, code, kept) => {
    const store = new MemoryStore();
    await expect(readPackFile(file, sourceOf(content), store)).rejects.toMatchObject({ code, detail: { file: 'weights.bin' } });
    expect(store.whole.size).toBe(0);
    expect(store.partial.get(file.sha256)?.byteLength ?? 0).toBe(kept);
  });

  it('refuses a source that begins in the middle', async () => {
    const source = sourceOf(bytes);
    const open = source.open.bind(source);
    source.open = async (path, offset) => ({ ...(await open(path, offset)), start: 5 });
    await expect(readPackFile(file, source, undefined)).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' });
  });

  it('stops when told, and keeps what came', async () => {
    const store = new MemoryStore();
    const stop = new AbortController();
    const onProgress = (loaded: number): void => void (loaded === 3000 && stop.abort());
    await expect(readPackFile(file, sourceOf(bytes), store, { signal: stop.signal, onProgress })).rejects.toMatchObject({
      code: 'ABORTED',
    });
    expect(store.partial.get(file.sha256)?.byteLength).toBe(3000);
  });
});

describe('loadPack', () => {
  let built: BuiltPack;
  beforeAll(async () => void (built = await makeFixturePack()));
  const source = (changes: Readonly<Record<string, Uint8Array>> = {}): MemorySource =>
    new MemorySource(new Map([...built.files, ...Object.entries(changes)]), 100_000);

  it('reads the four files that scoring needs, with true progress', async () => {
    const from = source();
    const seen: number[] = [];
    let whole = 0;
    const pack = await loadPack(from, new MemoryStore(), {
      onProgress: ({ loaded, total }) => {
        seen.push(loaded);
        whole = total;
      },
    });
    expect(from.asked.map(({ path }) => path)).toEqual(['vision.onnx', 'vision.bin', 'prompts.safetensors', 'golden.gray']);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(whole);
    expect(whole).toBe(from.asked.reduce((sum, { path }) => sum + built.files.get(path)!.byteLength, 0));
    expect(pack.identity).toEqual({ name: 'fixture', version: '0.0.1', sha256: sha256(built.files.get('manifest.json')!) });
    expect(pack.vision.external.map(({ path }) => path)).toEqual(['vision.bin']);
    expect(pack.prompts.textFeatures.dims).toEqual([5, 2, 64]);
  });

  it('goes on in the middle of a pack', async () => {
    const from = source();
    const store = new MemoryStore();
    from.breakAfter.set('vision.bin', 300_000);
    await expect(loadPack(from, store)).rejects.toThrow('the connection broke');
    from.asked.length = 0;
    await loadPack(from, store);
    expect(from.asked[0]).toEqual({ path: 'vision.bin', offset: 300_000 });
  });

  it('names the file that is not the one promised', async () => {
    const bad = built.files.get('prompts.safetensors')!.slice();
    bad[bad.length - 1]! ^= 1;
    await expect(loadPack(source({ 'prompts.safetensors': bad }), undefined)).rejects.toMatchObject({
      code: 'PACK_HASH',
      detail: { file: 'prompts.safetensors' },
    });
  });

  it('refuses a golden input of another size, whatever its hash says', async () => {
    const golden = new Uint8Array(10);
    const files = { ...built.manifest.files, golden: { path: 'golden.gray', bytes: 10, sha256: sha256(golden) } };
    const manifest = new TextEncoder().encode(JSON.stringify({ ...built.manifest, files }));
    const from = source({ 'golden.gray': golden, 'manifest.json': manifest });
    await expect(loadPack(from, undefined)).rejects.toMatchObject({ code: 'PACK_INVALID', detail: { file: 'golden.gray' } });
  });
});
