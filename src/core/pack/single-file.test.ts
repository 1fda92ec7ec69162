import { zipSync } from 'fflate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../errors.js';
import { byteSource } from '../torch/tensor.js';
import { openSingleFilePack } from './single-file.js';

const files = {
  'manifest.json': new TextEncoder().encode('{"format":"ppad-pack"}'),
  'weights.bin': Uint8Array.from({ length: 3_000_000 }, (_, i) => i % 253),
};
const archive = zipSync(files, { level: 0 });

async function read(source: Awaited<ReturnType<typeof openSingleFilePack>>, path: string, offset: number): Promise<Uint8Array> {
  const { start, chunks } = await source.open(path, offset);
  expect(start).toBe(offset);
  const parts: number[] = [];
  for await (const chunk of chunks) for (const byte of chunk) parts.push(byte);
  return Uint8Array.from(parts);
}

describe('openSingleFilePack', () => {
  it('reads the manifest, and files from any byte on', async () => {
    const pack = await openSingleFilePack(byteSource(archive));
    expect(await pack.manifest()).toEqual(files['manifest.json']);
    expect(await read(pack, 'weights.bin', 2_999_000)).toEqual(files['weights.bin'].subarray(2_999_000));
    expect(await read(pack, 'manifest.json', 0)).toEqual(files['manifest.json']);
    expect(await read(pack, 'manifest.json', 22)).toEqual(new Uint8Array(0));
  });

  it('reads large files in pieces', async () => {
    const { chunks } = await (await openSingleFilePack(byteSource(archive))).open('weights.bin', 0);
    const sizes: number[] = [];
    for await (const chunk of chunks) sizes.push(chunk.byteLength);
    expect(sizes).toEqual([1 << 20, 1 << 20, 3_000_000 - (1 << 21)]);
  });

  it('names what is missing', async () => {
    const pack = await openSingleFilePack(byteSource(zipSync({ other: new Uint8Array(3) }, { level: 0 })));
    await expect(pack.manifest()).rejects.toMatchObject({ code: 'PACK_NOT_FOUND', detail: { file: 'manifest.json' } });
    await expect(pack.open('x', 0)).rejects.toMatchObject({ code: 'PACK_NOT_FOUND' });
  });

  it('refuses compressed files: their size is whatever they say', async () => {
    const packed = zipSync({ 'manifest.json': new Uint8Array(5000) }, { level: 9 });
    const pack = await openSingleFilePack(byteSource(packed));
    await expect(pack.manifest()).rejects.toMatchObject({ code: 'PACK_INVALID', detail: { entry: 'manifest.json' } });
  });

  it('refuses a manifest of more than a megabyte unread', async () => {
    const pack = await openSingleFilePack(byteSource(zipSync({ 'manifest.json': new Uint8Array(1_000_001) }, { level: 0 })));
    await expect(pack.manifest()).rejects.toMatchObject({ code: 'PACK_INVALID' });
  });

  it('fails with a typed error at whatever is cut or changed', async () => {
    const small = zipSync({ 'manifest.json': files['manifest.json'], 'weights.bin': new Uint8Array(100) }, { level: 0 });
    const attempt = async (bytes: Uint8Array): Promise<void> => {
      try {
        const pack = await openSingleFilePack(byteSource(bytes));
        await pack.manifest();
        await read(pack, 'weights.bin', 0);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(AppError);
        expect((thrown as AppError).code).toMatch(/^PACK_(INVALID|NOT_FOUND)$/);
      }
    };
    await expect(openSingleFilePack(byteSource(new Uint8Array(0)))).rejects.toMatchObject({ code: 'PACK_INVALID' });
    for (let length = 0; length < small.length; length += 7) await attempt(small.subarray(0, length));
    const change = fc.record({ at: fc.nat(small.length - 1), to: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const bytes = small.slice();
        for (const { at, to } of changes) bytes[at] = to;
        await attempt(bytes);
      }),
      { numRuns: 500 },
    );
  });
});
