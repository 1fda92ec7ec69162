import { ByteCursor, readRange } from './byte-cursor.js';
import { crc32 } from '../crc32.js';
import { damaged, unsupported } from './fault.js';
import type { ByteSource } from './tensor.js';

/** One stored file of a zip archive, as its central directory has it. */
export interface ZipEntry {
  readonly name: string;
  readonly byteLength: number;
  /** What it takes in the archive. */
  readonly packedLength: number;
  /** 0: as it is, 8: deflated. */
  readonly method: number;
  readonly encrypted: boolean;
  /** CRC-32, or undefined where the writer left it out (torch writes 0 then). */
  readonly checksum: number | undefined;
  readonly stored: boolean;
  readonly headerOffset: number;
}

export type ZipDirectory = ReadonlyMap<string, ZipEntry>;

const END_BYTES = 22;
const LONGEST_COMMENT = 65_535;
const LOCATOR_BYTES = 20;
const END64_BYTES = 56;
const MOST_DIRECTORY_BYTES = 16_000_000;
const MOST_ENTRIES = 100_000;
const SATURATED = 0xffffffff;

const names = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The central directory of a zip archive of stored files.
 *
 * @throws AppError as `readZipEntries`; also for an encrypted entry and for two of one name.
 */
export async function readZipDirectory(source: ByteSource): Promise<ZipDirectory> {
  const directory = new Map<string, ZipEntry>();
  for (const entry of await readZipEntries(source)) {
    const { name, encrypted } = entry;
    if (encrypted) throw unsupported(`The entry ${name} of the zip archive is encrypted.`, { entry: name });
    if (directory.has(name)) throw damaged(`The zip archive holds ${name} twice.`, { entry: name });
    directory.set(name, entry);
  }
  return directory;
}

/**
 * The entries of a zip archive's central directory, zip64 included, every size and offset compared with the file's length.
 *
 * @param decode - reads a name; without it one that is not UTF-8 is an error.
 * @throws AppError `CHECKPOINT_INVALID` with the offset.
 */
export async function readZipEntries(source: ByteSource, decode = strictName): Promise<ZipEntry[]> {
  const { offset, byteLength, count } = await findDirectory(source);
  if (byteLength > MOST_DIRECTORY_BYTES || count > MOST_ENTRIES)
    throw damaged(`The zip directory announces ${count} entries in ${byteLength} bytes.`, { offset });
  const cursor = new ByteCursor(await readRange(source, offset, offset + byteLength), offset);
  const entries: ZipEntry[] = [];
  for (let i = 0; i < count; i++) entries.push(readEntry(cursor, offset, decode));
  return entries;
}

async function findDirectory(source: ByteSource): Promise<{ offset: number; byteLength: number; count: number }> {
  const from = Math.max(0, source.byteLength - END_BYTES - LONGEST_COMMENT - LOCATOR_BYTES);
  const tail = await readRange(source, from, source.byteLength);
  const at = findEnd(tail);
  if (at < 0) throw damaged('The file ends early: its zip directory is missing.', { offset: source.byteLength });
  const end = new ByteCursor(tail.subarray(at), from + at);
  end.take(10);
  const found = { count: end.uint16(), byteLength: end.uint32(), offset: end.uint32() };
  const saturated = found.count === 0xffff || found.byteLength === SATURATED || found.offset === SATURATED;
  return saturated && at >= LOCATOR_BYTES ? findDirectory64(source, tail, at - LOCATOR_BYTES, from) : found;
}

/** Where the end record begins in the tail: the last signature whose comment fits. */
function findEnd(tail: Uint8Array): number {
  for (let at = tail.byteLength - END_BYTES; at >= 0; at--) {
    if (tail[at] !== 0x50 || tail[at + 1] !== 0x4b || tail[at + 2] !== 5 || tail[at + 3] !== 6) continue;
    if (at + END_BYTES + (tail[at + 20] ?? 0) + (tail[at + 21] ?? 0) * 256 <= tail.byteLength) return at;
  }
  return -1;
}

async function findDirectory64(source: ByteSource, tail: Uint8Array, at: number, base: number) {
  const locator = new ByteCursor(tail.subarray(at, at + LOCATOR_BYTES), base + at);
  expectSignature(locator, 0x07064b50, 'zip64 locator');
  locator.take(4);
  const offset = locator.uint64();
  const end = new ByteCursor(await readRange(source, offset, offset + END64_BYTES), offset);
  expectSignature(end, 0x06064b50, 'zip64 end record');
  end.take(28);
  const count = end.uint64();
  return { count, byteLength: end.uint64(), offset: end.uint64() };
}

function expectSignature(cursor: ByteCursor, signature: number, what: string): void {
  const offset = cursor.offset;
  if (cursor.uint32() !== signature) throw damaged(`The zip archive has no ${what} at offset ${offset}.`, { offset });
}

function readEntry(cursor: ByteCursor, directoryOffset: number, decode: typeof strictName): ZipEntry {
  expectSignature(cursor, 0x02014b50, 'directory entry');
  cursor.take(4);
  const flags = cursor.uint16();
  const method = cursor.uint16();
  cursor.take(4);
  const checksum = cursor.uint32();
  const packed = cursor.uint32();
  const unpacked = cursor.uint32();
  const lengths = { name: cursor.uint16(), extra: cursor.uint16(), comment: cursor.uint16() };
  cursor.take(8);
  const header = cursor.uint32();
  const at = cursor.offset;
  const name = decode(cursor.view(lengths.name), at);
  const extra = new ByteCursor(cursor.view(lengths.extra), cursor.offset - lengths.extra);
  cursor.take(lengths.comment);
  const [byteLength = 0, packedLength = 0, headerOffset = 0] = widen([unpacked, packed, header], extra, name);
  if (headerOffset + 30 + packedLength > directoryOffset)
    throw damaged(`The zip entry ${name} lies outside the file: ${packedLength} bytes from offset ${headerOffset}.`, {
      entry: name,
    });
  return {
    name,
    byteLength,
    packedLength,
    method,
    encrypted: (flags & 1) !== 0,
    checksum: checksum || undefined,
    stored: method === 0 && packedLength === byteLength,
    headerOffset,
  };
}

function strictName(bytes: Uint8Array, offset: number): string {
  try {
    return names.decode(bytes);
  } catch (cause) {
    if (cause instanceof TypeError) throw damaged(`A name in the zip directory is not UTF-8 (offset ${offset}).`, { offset });
    throw cause;
  }
}

/** Each saturated 32-bit field has its 64-bit value in the zip64 extra field, in this order. */
function widen(fields: readonly number[], extra: ByteCursor, name: string): readonly number[] {
  if (!fields.includes(SATURATED)) return fields;
  while (extra.remaining >= 4) {
    const id = extra.uint16();
    const length = extra.uint16();
    if (id === 1) return fields.map((field) => (field === SATURATED ? extra.uint64() : field));
    extra.take(length);
  }
  throw damaged(`The zip entry ${name} lacks its 64-bit sizes.`, { entry: name });
}

/**
 * Offset of an entry's first byte, from its local header.
 *
 * @throws AppError `CHECKPOINT_UNSUPPORTED` if it is compressed (torch stores), `CHECKPOINT_INVALID` if the header does not fit.
 */
export async function entryStart(source: ByteSource, entry: ZipEntry): Promise<number> {
  if (!entry.stored)
    throw unsupported(`The entry ${entry.name} of the zip archive is compressed: torch stores its files.`, { entry: entry.name });
  return packedStart(source, entry);
}

/** Offset of an entry's first byte, packed or not. @throws AppError `CHECKPOINT_INVALID` if its header does not fit. */
export async function packedStart(source: ByteSource, entry: ZipEntry): Promise<number> {
  const header = new ByteCursor(await readRange(source, entry.headerOffset, entry.headerOffset + 30), entry.headerOffset);
  expectSignature(header, 0x04034b50, 'file header');
  header.take(22);
  const start = entry.headerOffset + 30 + header.uint16() + header.uint16();
  if (start + entry.packedLength > source.byteLength)
    throw damaged(`The zip entry ${entry.name} ends after the file.`, { entry: entry.name, offset: start });
  return start;
}

/** The bytes of a small entry, compared with their checksum. */
export async function readEntryBytes(source: ByteSource, entry: ZipEntry, most: number): Promise<Uint8Array> {
  if (entry.byteLength > most)
    throw damaged(`The zip entry ${entry.name} has ${entry.byteLength} bytes, more than ${most}.`, { entry: entry.name });
  const start = await entryStart(source, entry);
  const bytes = await readRange(source, start, start + entry.byteLength);
  if (entry.checksum !== undefined && crc32(bytes) !== entry.checksum)
    throw damaged(`The bytes of the zip entry ${entry.name} do not match their checksum.`, { entry: entry.name, offset: start });
  return bytes;
}
