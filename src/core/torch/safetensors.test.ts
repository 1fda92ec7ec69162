import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../errors.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';
import { byteSource, type ByteSource } from './tensor.js';

/** A file with this header, JSON or raw, over `data` bytes of zeros. */
function file(header: unknown, data = 0, length?: bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const tensor = (fields: object = {}) => ({ a: { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16], ...fields } });

describe('safetensors', () => {
  it('come back as they were written', async () => {
    const a = { dims: [2, 3], data: Float32Array.from([1, 2, 3, 4, 5, -6]) };
    const scalar = { dims: [], data: Float32Array.of(0.5) };
    const bytes = writeSafetensors(new Map(Object.entries({ a, scalar })));
    const { tensors: read } = await readSafetensors(byteSource(bytes));
    expect([...read.keys()]).toEqual(['a', 'scalar']);
    expect(read.get('a')).toMatchObject({ dtype: 'float32', dims: [2, 3] });
    expect(await read.get('a')!.read()).toEqual(a.data);
    expect(await read.get('scalar')!.read()).toEqual(scalar.data);
    // The format wants the data on a multiple of eight.
    expect(new DataView(bytes.buffer).getUint32(0, true) % 8).toBe(0);
  });

  it('are read a tensor at a time', async () => {
    const bytes = writeSafetensors(new Map([['big', { dims: [1000], data: new Float32Array(1000) }]]));
    let read = 0;
    const source: ByteSource = {
      byteLength: bytes.byteLength,
      slice: (from, to) => {
        read += to - from;
        return Promise.resolve(bytes.subarray(from, to));
      },
    };
    const { tensors } = await readSafetensors(source);
    expect(read).toBeLessThan(200);
    await tensors.get('big')!.read();
    expect(read).toBeGreaterThan(4000);
  });

  it('may carry metadata', async () => {
    const { tensors: read } = await readSafetensors(byteSource(file({ __metadata__: { format: 'pt' }, ...tensor() }, 16)));
    expect([...read.keys()]).toEqual(['a']);
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['seven bytes', new Uint8Array(7)],
    ['a header longer than the file', file('{}', 0, 3n)],
    ['a header of 2^63 bytes', file('{}', 0, 2n ** 63n)],
    ['a header that is not JSON', file('{"a":')],
    ['a header that is not UTF-8', file('{}').fill(0xff, 8)],
    ['a header that is a list', file('[]')],
    ['a tensor that is a number', file({ a: 1 })],
    ['a tensor beyond the end', file(tensor(), 15)],
    ['a tensor that does not fill its shape', file(tensor({ data_offsets: [0, 12] }), 16)],
    ['a tensor that ends before it begins', file(tensor({ data_offsets: [16, 0] }), 16)],
    ['a negative size', file(tensor({ shape: [-2, -2] }), 16)],
    ['a size that is no integer', file(tensor({ shape: [0.5, 8] }), 16)],
    ['sizes whose product is beyond counting', file(tensor({ shape: [2 ** 40, 2 ** 40] }), 16)],
    ['a hundred dimensions', file(tensor({ shape: new Array<number>(100).fill(1) }), 16)],
    ['no place', file({ a: { dtype: 'F32', shape: [] } })],
    ['a type that is a number', file(tensor({ dtype: 3 }), 16)],
    ['a skipped tensor beyond the end', file(tensor({ dtype: 'F64' }), 15)],
  ])('%s: refused', async (_, bytes) => {
    await expect(readSafetensors(byteSource(bytes))).rejects.toSatisfy(
      (error: AppError) => error.code === 'CHECKPOINT_INVALID' && ('key' in error.detail || 'offset' in error.detail),
    );
  });

  it('of a type that no model needs: skipped, beside the others', async () => {
    const step = { dtype: 'F64', shape: [2], data_offsets: [16, 32] };
    const { tensors, skipped } = await readSafetensors(byteSource(file({ ...tensor(), step }, 32)));
    expect([...tensors.keys()]).toEqual(['a']);
    expect(skipped).toEqual([{ key: 'step', type: 'F64', dims: [2] }]);
    const { skipped: odd } = await readSafetensors(byteSource(file(tensor({ dtype: 'constructor' }), 16)));
    expect(odd).toEqual([{ key: 'a', type: 'constructor', dims: [2, 2] }]);
  });

  it('damaged anywhere: read or refused with a typed error', async () => {
    const bytes = writeSafetensors(new Map([['mask_embedding', { dims: [1, 2, 3], data: new Float32Array(6) }]]));
    const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(damage, fc.nat(bytes.length), async (changes, end) => {
        const copy = bytes.slice();
        for (const [at, value] of changes) copy[at] = value;
        try {
          for (const found of (await readSafetensors(byteSource(copy.subarray(0, end)))).tensors.values()) await found.read();
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(AppError);
        }
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});
