import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest';
import type { ArchiveMember, FilmSource } from './decoder-api.js';
import { ReadAhead } from './read-ahead.js';

const file = (size: number, value = 0): Blob => new Blob([new Uint8Array(size).fill(value)]);
const valuesOf = (given: FilmSource | Uint8Array) => (given instanceof Uint8Array ? [...new Set(given)] : given);

let reads: MockInstance<Blob['arrayBuffer']>;
beforeEach(() => {
  reads = vi.spyOn(Blob.prototype, 'arrayBuffer');
});
afterEach(() => reads.mockRestore());

/** Takes files in turn, as the list does: what follows is what has not been taken. */
async function takeAll(ahead: ReadAhead, files: readonly FilmSource[]): Promise<(FilmSource | Uint8Array)[]> {
  return Promise.all(files.map((source, i) => ahead.take(source, () => files.slice(i + 1))));
}

describe('small files', () => {
  it('are read eight at a time, and each is given its own bytes, in a buffer of their own', async () => {
    const files = Array.from({ length: 20 }, (_, i) => file(100 + i, i));
    const given = await takeAll(new ReadAhead(), files);
    expect(given.map(valuesOf)).toEqual(files.map((_, i) => [i]));
    const lengths = given.map((bytes) => bytes instanceof Uint8Array && [bytes.byteLength, bytes.buffer.byteLength]);
    expect(lengths).toEqual(files.map(({ size }) => [size, size]));
    expect(reads).toHaveBeenCalledTimes(3);
  });

  it('are given as files if they cannot be read together, so that each is read by itself; the next ones are read together again', async () => {
    const files = Array.from({ length: 12 }, (_, i) => file(10, i));
    reads.mockRejectedValueOnce(new DOMException('A requested file could not be found.', 'NotFoundError'));
    const given = await takeAll(new ReadAhead(), files);
    expect(given.slice(0, 8)).toEqual(files.slice(0, 8));
    expect(given.slice(8).map(valuesOf)).toEqual([[8], [9], [10], [11]]);
  });

  it('are given as files if the read gave another number of bytes than they have', async () => {
    const files = [file(10), file(10)];
    reads.mockResolvedValueOnce(new ArrayBuffer(19));
    expect(await takeAll(new ReadAhead(), files)).toEqual(files);
  });

  it('are read together up to four megabytes', async () => {
    await takeAll(
      new ReadAhead(),
      Array.from({ length: 8 }, (_, i) => file(1 << 20, i)),
    );
    expect(reads.mock.contexts.map((blob) => (blob as Blob).size)).toEqual([1 << 22, 1 << 22]);
  });

  it('are let go when they are taken', async () => {
    const ahead = new ReadAhead();
    const source = file(10);
    expect(await ahead.take(source, () => [file(10)])).not.toBe(source);
    expect(await ahead.take(source, () => [])).toBe(source);
  });

  it('are held until they are taken or others are read', async () => {
    const ahead = new ReadAhead();
    const [first, second, third, fourth] = [1, 2, 3, 4].map((value) => file(10, value));
    if (!first || !second || !third || !fourth) throw new Error('Four files.');
    await ahead.take(first, () => [second]);
    await ahead.take(third, () => [fourth]);
    expect(await ahead.take(second, () => [])).toBe(second);
    ahead.clear();
    expect(await ahead.take(fourth, () => [])).toBe(fourth);
    expect(reads).toHaveBeenCalledTimes(2);
  });
});

describe('others are not read', () => {
  it.each([
    ['a large file', file((1 << 20) + 1)],
    ['an empty file', file(0)],
    ['a film of an archive', { archive: file(100), film: {} } as ArchiveMember],
    ['a file with nothing small after it', file(10)],
  ])('%s', async (_, source) => {
    expect(await new ReadAhead().take(source, () => [file(0), file(1 << 21)])).toBe(source);
    expect(reads).not.toHaveBeenCalled();
  });
});
