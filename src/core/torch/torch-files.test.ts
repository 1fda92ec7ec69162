import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../crc32.js';
import { openCheckpoint } from './open-checkpoint.js';
import { byteSource, type ByteSource, type StateDict } from './tensor.js';
import { fixture, fixtureJson } from './testing/archive.js';

/** The facts that `make-fixtures.py` notes of what torch reads, by key. */
type Facts = Record<string, { dtype: string; dims: readonly number[]; crc32: number }>;

const expected = fixtureJson<Record<string, Facts>>('expected.json');
const reference = fixtureJson<Record<string, Facts>>('reference.json');

async function facts(tensors: StateDict): Promise<Facts> {
  const found: Facts = {};
  for (const [key, tensor] of tensors) {
    const values = await tensor.read();
    found[key] = { dtype: tensor.dtype, dims: tensor.dims, crc32: crc32(new Uint8Array(values.buffer)) };
  }
  return found;
}

describe('the CRC', () => {
  it('is that of zip files, in one piece or two', () => {
    const bytes = new TextEncoder().encode('123456789');
    expect(crc32(bytes)).toBe(0xcbf43926);
    expect(crc32(bytes.subarray(4), crc32(bytes.subarray(0, 4)))).toBe(0xcbf43926);
    const long = Uint8Array.from({ length: 1003 }, (_, i) => (i * 37) & 255);
    let bytewise = 0;
    for (const byte of long) bytewise = crc32(Uint8Array.of(byte), bytewise);
    expect(crc32(long)).toBe(bytewise);
  });
});

describe('files that torch wrote', () => {
  it.each(Object.keys(expected))('%s has the tensors that torch reads, bit for bit', async (name) => {
    const checkpoint = await openCheckpoint(byteSource(fixture(name)));
    expect(await facts(checkpoint.tensors)).toEqual(expected[name]);
    expect(checkpoint.skipped).toEqual([]);
  });

  it('tells the containers apart', async () => {
    const container = async (name: string) => (await openCheckpoint(byteSource(fixture(name)))).container;
    expect(await container('zip-2.pt')).toBe('zip');
    expect(await container('legacy-2.pt')).toBe('legacy');
    expect(await container('script.pt')).toBe('torchscript');
  });

  it('lists types that no model needs instead of reading them', async () => {
    const { tensors, skipped } = await openCheckpoint(byteSource(fixture('types.pt')));
    expect([...tensors.keys()]).toEqual(['fine']);
    expect(skipped).toEqual([
      { key: 'double', type: 'DoubleStorage', dims: [2, 1] },
      { key: 'mask', type: 'BoolStorage', dims: [3] },
    ]);
  });

  it('reads no storage before a tensor is asked for', async () => {
    const ranges: [number, number][] = [];
    const inner = byteSource(fixture('zip-2.pt'));
    const source: ByteSource = {
      byteLength: inner.byteLength,
      slice: (from, to) => (ranges.push([from, to]), inner.slice(from, to)),
    };
    const { tensors } = await openCheckpoint(source);
    const opened = ranges.length;
    await tensors.get('state.row')!.read();
    expect(ranges.slice(opened).map(([from, to]) => to - from)).toEqual([30, 16]);
  });

  it('gives each reader its own array', async () => {
    const { tensors } = await openCheckpoint(byteSource(fixture('zip-2.pt')));
    const first = await tensors.get('state.whole')!.read();
    first.fill(0);
    expect((await tensors.get('state.whole')!.read())[0]).not.toBe(0);
  });
});

const SHARED = fileURLToPath(new URL('../../../../shared/reference/', import.meta.url));

describe.skipIf(!existsSync(SHARED))('the golden checkpoints (skipped where ../shared/reference is absent)', () => {
  it.each(Object.keys(reference))('%s has the tensors that torch reads, bit for bit', async (name) => {
    const { tensors } = await openCheckpoint(byteSource(new Uint8Array(readFileSync(SHARED + name))));
    expect(await facts(tensors)).toEqual(reference[name]);
  });
});
