import { AppError } from '../errors.js';

/** Reads a link's record; every read is checked against its end. */
export class LinkReader {
  #at = 0;
  readonly #view: DataView;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  #take(count: number): number {
    const start = this.#at;
    if (count > this.#bytes.length - start)
      throw new AppError(
        'LINK_INVALID',
        `The link's record ends at byte ${this.#bytes.length}, within a field of ${count} at ${start}.`,
        {
          offset: start,
        },
      );
    this.#at += count;
    return start;
  }

  uint8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#take(2));
  }

  uint48(): number {
    const start = this.#take(6);
    return this.#view.getUint16(start) * 2 ** 32 + this.#view.getUint32(start + 2);
  }

  float64(): number {
    return this.#view.getFloat64(this.#take(8));
  }

  bytes(count: number): Uint8Array {
    const start = this.#take(count);
    return this.#bytes.subarray(start, start + count);
  }

  /** @throws AppError `LINK_INVALID` for bytes that are no UTF-8. */
  text(count: number): string {
    const start = this.#at;
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.bytes(count));
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      throw new AppError('LINK_INVALID', `The link's text at byte ${start} is not UTF-8.`, { offset: start }, { cause });
    }
  }

  /** @throws AppError `LINK_INVALID` if anything is left. */
  end(): void {
    const left = this.#bytes.length - this.#at;
    if (left > 0) throw new AppError('LINK_INVALID', `${left} bytes follow the end of the link's record.`, { offset: this.#at });
  }
}

/** Builds a link's record, big-endian. */
export class LinkWriter {
  readonly #parts: number[] = [];

  uint8(value: number): void {
    this.#parts.push(value & 255);
  }

  uint16(value: number): void {
    this.#parts.push((value >>> 8) & 255, value & 255);
  }

  uint32(value: number): void {
    this.uint16(value >>> 16);
    this.uint16(value & 0xffff);
  }

  uint48(value: number): void {
    this.uint16(Math.floor(value / 2 ** 32));
    this.uint32(value >>> 0);
  }

  float64(value: number): void {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value);
    this.bytes(new Uint8Array(view.buffer));
  }

  bytes(value: Uint8Array): void {
    for (const byte of value) this.#parts.push(byte);
  }

  get result(): Uint8Array {
    return Uint8Array.from(this.#parts);
  }
}
