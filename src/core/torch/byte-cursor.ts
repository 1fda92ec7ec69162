import type { AppError } from '../errors.js';
import { damaged } from './fault.js';
import type { ByteSource } from './tensor.js';

/** Thrown facts that tell "there is no more" from "this is wrong": the legacy reader looks at it to read a larger window. */
export function endsEarly(error: AppError): boolean {
  return error.detail['endsEarly'] === true;
}

/**
 * Bytes read in order, every read checked against their end. `base` is where they begin in the file, so that errors name
 * offsets of the file.
 */
export class ByteCursor {
  position = 0;
  readonly #view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    readonly base = 0,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get offset(): number {
    return this.base + this.position;
  }

  get remaining(): number {
    return this.bytes.byteLength - this.position;
  }

  /** Moves on by `count` bytes and returns where they begin. */
  take(count: number): number {
    if (count > this.remaining)
      throw damaged(`The file ends early: ${count} bytes are announced at offset ${this.offset}, ${this.remaining} are left.`, {
        offset: this.offset,
        endsEarly: true,
      });
    const start = this.position;
    this.position += count;
    return start;
  }

  uint8(): number {
    return this.#view.getUint8(this.take(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.take(2), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.take(4), true);
  }

  int32(): number {
    return this.#view.getInt32(this.take(4), true);
  }

  /** Big-endian, as pickle has it. */
  float64(): number {
    return this.#view.getFloat64(this.take(8), false);
  }

  /** An unsigned 64-bit number; above 2^53 no file has such sizes, so it is an error. */
  uint64(): number {
    const offset = this.offset;
    const value = this.#view.getBigUint64(this.take(8), true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged(`A size of ${value} stands at offset ${offset}.`, { offset });
    return Number(value);
  }

  /** A view, not a copy. */
  view(count: number): Uint8Array {
    const start = this.take(count);
    return this.bytes.subarray(start, start + count);
  }
}

const PIECE_BYTES = 1 << 20;

/** Bytes `[from, to)` of the source in pieces (`ByteSource.pieces`), checked as `readRange` does. */
export async function* readPieces(source: ByteSource, from: number, to: number): AsyncGenerator<Uint8Array> {
  if (!source.pieces || to - from <= PIECE_BYTES) {
    for (let at = from; at < to; at += PIECE_BYTES) yield readRange(source, at, Math.min(at + PIECE_BYTES, to));
    return;
  }
  checkRange(source, from, to);
  let at = from;
  for await (const piece of source.pieces(from, to)) {
    at += piece.byteLength;
    yield piece;
  }
  if (at !== to) throw damaged(`Of ${to - from} bytes at offset ${from} only ${at - from} could be read.`, { offset: from });
}

function checkRange({ byteLength }: ByteSource, from: number, to: number): void {
  if (!(from >= 0 && from <= to && to <= byteLength))
    throw damaged(`Bytes ${from} to ${to} are asked for, the file has ${byteLength}.`, { offset: from });
}

/** Bytes `[from, to)` of the source: checked against its length before, and against what came after. */
export async function readRange(source: ByteSource, from: number, to: number): Promise<Uint8Array> {
  checkRange(source, from, to);
  const bytes = await source.slice(from, to);
  if (bytes.byteLength !== to - from)
    throw damaged(`Of ${to - from} bytes at offset ${from} only ${bytes.byteLength} could be read.`, { offset: from });
  return bytes;
}
