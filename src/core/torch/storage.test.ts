import { describe, expect, it } from 'vitest';
import { flattenTensors } from './flatten.js';
import { StorageRef, TensorRef, type PickleValue } from './pickle-value.js';
import type { StorageBytes } from './storage.js';
import { byteSource } from './tensor.js';

const FLOATS = { name: 'FloatStorage', bytesPerElement: 4 };
const source = byteSource(new Uint8Array(Float32Array.from({ length: 12 }, (_, i) => i).buffer));
const bytes: StorageBytes = { byteLength: 48, checksum: undefined, start: () => Promise.resolve(0) };

function open(tensor: { offset?: number; dims: number[]; strides: number[]; total?: number; from?: number; count?: number }) {
  const { offset = 0, dims, strides, total = 12, from = 0, count = total - from } = tensor;
  const ref = new TensorRef(new StorageRef(FLOATS, '0', total, from, count), offset, dims, strides);
  return flattenTensors(new Map([['t', ref]]), source, () => bytes).tensors.get('t')!;
}

const values = async (tensor: Parameters<typeof open>[0]) => [...(await open(tensor).read())];

describe('tensors in their storage', () => {
  it('follows offsets and strides', async () => {
    expect(await values({ offset: 1, dims: [2, 3], strides: [4, 1] })).toEqual([1, 2, 3, 5, 6, 7]);
    expect(await values({ dims: [3, 2], strides: [1, 6] })).toEqual([0, 6, 1, 7, 2, 8]);
    expect(await values({ dims: [2, 2], strides: [0, 1] })).toEqual([0, 1, 0, 1]);
    expect(await values({ offset: 11, dims: [], strides: [] })).toEqual([11]);
    expect(await values({ dims: [0, 3], strides: [3, 1] })).toEqual([]);
  });

  it('follows views of legacy files: a storage within a storage', async () => {
    expect(await values({ from: 4, count: 4, offset: 1, dims: [2], strides: [1] })).toEqual([5, 6]);
    expect(() => open({ from: 4, count: 4, offset: 3, dims: [2], strides: [1] })).toThrow(/reaches element 4 of a storage of 4/);
  });

  it.each([
    ['one element beyond its storage', { offset: 1, dims: [12], strides: [1] }, /reaches element 12/],
    ['a stride beyond its storage', { dims: [2], strides: [12] }, /reaches element 12/],
    ['a stride beyond all numbers', { dims: [2 ** 30, 2], strides: [2 ** 52, 2 ** 52] }, /elements|reaches/],
    ['more elements than fit in memory', { dims: [2 ** 20, 2 ** 20], strides: [0, 0] }, /1099511627776 elements/],
    ['one element repeated for ever', { dims: [2 ** 25], strides: [0] }, /33554432 elements, its storage 12/],
    ['a storage that is longer than the file says', { total: 13, dims: [1], strides: [1] }, /storage of 13 elements.*48 bytes/],
  ])('refuses %s before it allocates', (_, tensor, message) => {
    expect(() => open(tensor)).toThrow(expect.objectContaining({ code: 'CHECKPOINT_INVALID', detail: { key: 't' } }) as Error);
    expect(() => open(tensor)).toThrow(message);
  });

  it('notices a source that gives fewer bytes than asked for', async () => {
    const ref = new TensorRef(new StorageRef(FLOATS, '0', 12, 0, 12), 0, [12], [1]);
    const short = { byteLength: 48, slice: () => Promise.resolve(new Uint8Array(4)) };
    const { tensors } = flattenTensors(new Map([['t', ref]]), short, () => bytes);
    await expect(tensors.get('t')!.read()).rejects.toMatchObject({ code: 'CHECKPOINT_INVALID' });
  });
});

describe('trees of tensors', () => {
  const leaf = new TensorRef(new StorageRef(FLOATS, '0', 12, 0, 12), 0, [1], [1]);

  it('joins keys and indices', () => {
    const root: PickleValue = new Map<string, PickleValue>([['a', [null, new Map<string, PickleValue>([['b', leaf]])]]]);
    expect([...flattenTensors(root, source, () => bytes).tensors.keys()]).toEqual(['a.1.b']);
  });

  it('ends where a tree contains itself', () => {
    const loop: PickleValue[] = [];
    loop.push(loop);
    const nested = expect.objectContaining({ code: 'CHECKPOINT_INVALID', detail: { key: '0.0.'.repeat(12) + '0' } }) as Error;
    expect(() => flattenTensors(loop, source, () => bytes)).toThrow(nested);
  });

  it('ends where shared branches would double at every level', () => {
    let tree: PickleValue = [leaf];
    for (let level = 0; level < 22; level++) tree = [tree, tree];
    const begun = performance.now();
    expect(() => flattenTensors(tree, source, () => bytes)).toThrow(/more than \d+ entries/);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  it('refuses two tensors of one name', () => {
    const root = new Map<string, PickleValue>([
      ['a.b', leaf],
      ['a', new Map<string, PickleValue>([['b', leaf]])],
    ]);
    expect(() => flattenTensors(root, source, () => bytes)).toThrow(/two tensors named a\.b/);
  });
});
