import { AppError } from '../errors.js';

/** What a zip archive says of a file that it stores without compression. */
export interface StoredEntry {
  /** ASCII, as the names of a pack's files are. */
  readonly name: string;
  readonly byteLength: number;
  readonly crc32: number;
}

// Zip without its 64-bit extension, which no pack needs.
const MOST_BYTES = 0xffffffff;
// 1 January 1980: the same pack makes the same archive, whenever it is exported.
const DOS_DATE = 0x21;
const VERSION = 20;

/**
 * Lays out a zip archive of stored files (the single-file pack of docs/formats.md): write each entry's header, then its bytes, and
 * in the end what `finish` gives. The bytes themselves never pass through here.
 */
export class StoredZip {
  readonly #entries: { readonly entry: StoredEntry; readonly offset: number }[] = [];
  #end = 0;

  /** The bytes that precede the entry's own. @throws AppError `PACK_INVALID` if the archive would pass 4 GB. */
  header(entry: StoredEntry): Uint8Array<ArrayBuffer> {
    const name = new TextEncoder().encode(entry.name);
    const offset = this.#end;
    this.#end += 30 + name.byteLength + entry.byteLength;
    if (this.#end > MOST_BYTES) throw new AppError('PACK_INVALID', 'The pack is too large for a single file: more than 4 GB.');
    this.#entries.push({ entry, offset });
    const out = new Writer(30 + name.byteLength);
    out.uint32(0x04034b50);
    writeFacts(out, entry, name);
    out.bytes(name);
    return out.done;
  }

  /** The archive's directory, its last bytes. */
  finish(): Uint8Array<ArrayBuffer> {
    const names = this.#entries.map(({ entry }) => new TextEncoder().encode(entry.name));
    const size = names.reduce((sum, { byteLength }) => sum + 46 + byteLength, 0);
    const out = new Writer(size + 22);
    this.#entries.forEach(({ entry, offset }, i) => {
      out.uint32(0x02014b50);
      out.uint16(VERSION);
      writeFacts(out, entry, names[i]!);
      // Comment, disk, attributes: none.
      for (let field = 0; field < 3; field++) out.uint16(0);
      out.uint32(0);
      out.uint32(offset);
      out.bytes(names[i]!);
    });
    out.uint32(0x06054b50);
    out.uint32(0);
    out.uint16(this.#entries.length);
    out.uint16(this.#entries.length);
    out.uint32(size);
    out.uint32(this.#end);
    out.uint16(0);
    return out.done;
  }
}

/** The fields that a file's header and its line in the directory share. */
function writeFacts(out: Writer, { byteLength, crc32 }: StoredEntry, name: Uint8Array): void {
  out.uint16(VERSION);
  // No flags, stored, midnight.
  for (let field = 0; field < 3; field++) out.uint16(0);
  out.uint16(DOS_DATE);
  out.uint32(crc32);
  out.uint32(byteLength);
  out.uint32(byteLength);
  out.uint16(name.byteLength);
  out.uint16(0);
}

/** Little-endian fields, one after the other. */
class Writer {
  readonly done: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  #at = 0;

  constructor(size: number) {
    this.done = new Uint8Array(size);
    this.#view = new DataView(this.done.buffer);
  }

  uint16(value: number): void {
    this.#view.setUint16(this.#at, value, true);
    this.#at += 2;
  }

  uint32(value: number): void {
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
  }

  bytes(value: Uint8Array): void {
    this.done.set(value, this.#at);
    this.#at += value.byteLength;
  }
}
