import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../crc32.js';
import { byteSource } from '../torch/tensor.js';
import { openSingleFilePack } from './single-file.js';
import { StoredZip } from './stored-zip.js';

const text = (words: string) => new TextEncoder().encode(words);

function archive(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const zip = new StoredZip();
  const parts = Object.entries(files).flatMap(([name, bytes]) => [
    zip.header({ name, byteLength: bytes.byteLength, crc32: crc32(bytes) }),
    bytes,
  ]);
  return Uint8Array.from([...parts, zip.finish()].flatMap((part) => [...part]));
}

describe('StoredZip', () => {
  const files = {
    'manifest.json': text('{"a":1}'),
    'vision.bin': Uint8Array.from({ length: 3000 }, (_, i) => i),
    empty: text(''),
  };

  it('makes what another reader reads', () => {
    expect(unzipSync(archive(files))).toEqual(files);
    expect(unzipSync(archive({}))).toEqual({});
  });

  it('makes what our own reader reads', async () => {
    const pack = await openSingleFilePack(byteSource(archive(files)));
    expect(await pack.manifest()).toEqual(files['manifest.json']);
    const { chunks } = await pack.open('vision.bin', 0);
    for await (const chunk of chunks) expect(chunk).toEqual(files['vision.bin']);
  });

  it('refuses what zip cannot say', () => {
    const zip = new StoredZip();
    zip.header({ name: 'a', byteLength: 4e9, crc32: 0 });
    expect(() => zip.header({ name: 'b', byteLength: 4e9, crc32: 0 })).toThrow(expect.objectContaining({ code: 'PACK_INVALID' }));
  });
});
