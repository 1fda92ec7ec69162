import { describe, expect, it } from 'vitest';
import { byteSource } from './tensor.js';
import { archive } from './testing/archive.js';
import { readEntryBytes, readZipDirectory } from './zip-directory.js';

const content = new TextEncoder().encode('stored as it is');
const plain = archive({ 'a.txt': content, 'b/c.bin': Uint8Array.of(1, 2, 3) });

/** Where a record begins. */
function find(bytes: Uint8Array, signature: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let at = 0; at + 4 <= bytes.byteLength; at++) if (view.getUint32(at, true) === signature) return at;
  throw new Error('There is no such record.');
}

/** The archive with every size and offset in zip64 records, the 32-bit fields saturated. */
function asZip64(bytes: Uint8Array): Uint8Array {
  const directory = find(bytes, 0x02014b50);
  const end = find(bytes, 0x06054b50);
  const parts: Uint8Array[] = [bytes.subarray(0, directory)];
  const old = new DataView(bytes.buffer, bytes.byteOffset);
  let count = 0;
  for (let at = directory; at < end; count++) {
    const nameLength = old.getUint16(at + 28, true);
    const length = 46 + nameLength + old.getUint16(at + 30, true) + old.getUint16(at + 32, true);
    // An unknown extra field first: it must be skipped.
    const extra = new DataView(new ArrayBuffer(6 + 4 + 24));
    extra.setUint16(0, 0x4646, true);
    extra.setUint16(2, 2, true);
    extra.setUint16(6, 1, true);
    extra.setUint16(8, 24, true);
    extra.setBigUint64(10, BigInt(old.getUint32(at + 24, true)), true);
    extra.setBigUint64(18, BigInt(old.getUint32(at + 20, true)), true);
    extra.setBigUint64(26, BigInt(old.getUint32(at + 42, true)), true);
    const head = new DataView(bytes.slice(at, at + 46).buffer);
    for (const field of [20, 24, 42]) head.setUint32(field, 0xffffffff, true);
    head.setUint16(30, extra.byteLength, true);
    head.setUint16(32, 0, true);
    parts.push(new Uint8Array(head.buffer), bytes.subarray(at + 46, at + 46 + nameLength), new Uint8Array(extra.buffer));
    at += length;
  }
  const size = parts.slice(1).reduce((sum, part) => sum + part.byteLength, 0);
  const tail = new DataView(new ArrayBuffer(56 + 20 + 22));
  tail.setUint32(0, 0x06064b50, true);
  tail.setBigUint64(32, BigInt(count), true);
  tail.setBigUint64(40, BigInt(size), true);
  tail.setBigUint64(48, BigInt(directory), true);
  tail.setUint32(56, 0x07064b50, true);
  tail.setBigUint64(64, BigInt(directory + size), true);
  tail.setUint32(76, 0x06054b50, true);
  for (const field of [86, 88, 90, 92, 94]) tail.setUint16(field, 0xffff, true);
  parts.push(new Uint8Array(tail.buffer));
  return Uint8Array.of(...parts.flatMap((part) => [...part]));
}

describe('zip directories', () => {
  it.each([
    ['plain', plain],
    ['zip64', asZip64(plain)],
    ['with a comment', Uint8Array.of(...plain.subarray(0, -2), 5, 0, ...new TextEncoder().encode('hello'))],
  ])('lists and reads a %s archive', async (_, bytes) => {
    const source = byteSource(bytes);
    const directory = await readZipDirectory(source);
    expect([...directory.keys()]).toEqual(['model/a.txt', 'model/b/c.bin']);
    expect(await readEntryBytes(source, directory.get('model/a.txt')!, 100)).toEqual(content);
  });

  const broken = (change: (bytes: Uint8Array, directory: number, end: number) => void) => {
    const bytes = plain.slice();
    change(bytes, find(bytes, 0x02014b50), find(bytes, 0x06054b50));
    return byteSource(bytes);
  };

  it.each([
    ['more entries than there are', broken((b, _, end) => (b[end + 10] = 3)), /ends early/],
    ['more entries than any file has', byteSource(withHugeCount()), /announces/],
    ['a directory outside the file', broken((b, _, end) => (b[end + 18] = 0xff)), /asked for/],
    ['an entry outside the file', broken((b, directory) => b.fill(0x7f, directory + 20, directory + 28)), /outside the file/],
    ['an encrypted entry', broken((b, directory) => (b[directory + 8]! |= 1)), /encrypted/],
    ['64-bit sizes that are missing', broken((b, directory) => b.fill(0xff, directory + 24, directory + 28)), /64-bit sizes/],
    ['a name that is not UTF-8', broken((b, directory) => (b[directory + 46] = 0xff)), /not UTF-8/],
  ])('refuses %s', async (_, source, message) => {
    await expect(readZipDirectory(source)).rejects.toThrow(message);
  });

  function withHugeCount(): Uint8Array {
    const bytes = asZip64(plain);
    bytes[find(bytes, 0x06064b50) + 36] = 1;
    return bytes;
  }

  it('refuses a name that comes twice', async () => {
    const bytes = archive({ aa: content, ab: content });
    const text = new TextDecoder('latin1').decode(bytes);
    const renamed = Uint8Array.from(text.replaceAll('model/ab', 'model/aa'), (char) => char.charCodeAt(0));
    await expect(readZipDirectory(byteSource(renamed))).rejects.toThrow(/model\/aa twice/);
  });

  it('compares a small entry with its checksum and its limit', async () => {
    const bytes = plain.slice();
    bytes[30 + 'model/a.txt'.length]! ^= 1;
    const source = byteSource(bytes);
    const entry = (await readZipDirectory(source)).get('model/a.txt')!;
    await expect(readEntryBytes(source, entry, 100)).rejects.toThrow(/checksum/);
    await expect(readEntryBytes(source, entry, 10)).rejects.toThrow(/more than 10/);
  });
});
