import { describe, expect, it } from 'vitest';
import { sha256 } from '../../core/pack/hash.js';
import { readPieces } from '../../core/torch/byte-cursor.js';
import { hashFile } from '../../engine/hash-file.js';
import { startFastSha256 } from './fast-hash.js';
import { blobSource } from './read-blob.js';

const bytes = Uint8Array.from({ length: 3_500_001 }, (_, i) => (i * 2_654_435_761) >>> 13);
const source = blobSource(new Blob([bytes]), 1);

/** A blob of a browser whose streams are none of bytes. */
class OldBlob extends Blob {
  override stream(): ReturnType<Blob['stream']> {
    return new ReadableStream();
  }
  override slice(from?: number, to?: number): Blob {
    return new OldBlob([super.slice(from, to)]);
  }
}

describe('a file in pieces', () => {
  it.each([
    ['streamed', source],
    ['sliced', blobSource(new OldBlob([bytes]), 1)],
    ['too short for a stream', blobSource(new Blob([bytes]))],
  ] as const)('%s gives every byte once, in pieces that numbers do not straddle', async (_, file) => {
    const lengths: number[] = [];
    const read: number[] = [];
    for await (const piece of readPieces(file, 5, bytes.length - 1)) {
      lengths.push(piece.byteLength);
      read.push(...piece.subarray(0, 1), ...piece.subarray(-1));
    }
    expect(lengths).toEqual([1 << 20, 1 << 20, 1 << 20, bytes.length - 6 - 3 * (1 << 20)]);
    let at = 5;
    expect(read).toEqual(lengths.flatMap((length) => [bytes[at], bytes[(at += length) - 1]]));
  });

  it('uses one buffer for all of them', async () => {
    const counts = new Set<number>();
    let before: ArrayBufferLike | undefined;
    for await (const { buffer } of readPieces(source, 0, bytes.length)) {
      // What was handed out before went back to the stream.
      if (before) counts.add(before.byteLength);
      before = buffer;
    }
    expect([...counts]).toEqual([0]);
  });

  it('hashes to what it is, by WebAssembly as by JavaScript', async () => {
    expect(await hashFile(source)).toBe(sha256(bytes));
    expect(await hashFile(source, {}, startFastSha256)).toBe(sha256(bytes));
  });

  it('refuses a range beyond its end', async () => {
    const all = async (): Promise<void> => {
      for await (const piece of readPieces(source, 0, bytes.length + 1)) void piece;
    };
    await expect(all()).rejects.toMatchObject({ code: 'CHECKPOINT_INVALID' });
  });
});
