import { Unzlib } from 'fflate';
import { AppError } from '../errors.js';
import type { PngHeader } from './png-chunks.js';

/** Where a row's samples belong in the image: pixel i of the row is at `(x + i * step, y)`. */
export interface RowPlace {
  readonly x: number;
  readonly y: number;
  readonly step: number;
  /** Pixels in the row. */
  readonly count: number;
}

/** Receives each row once, unfiltered, packed as in the file. The bytes are overwritten afterwards. */
export type RowSink = (row: Uint8Array, place: RowPlace) => void;

/** What goes into the inflater at a time. Deflate expands at most 1032 times, so a bomb is noticed within 17 MB of output. */
const SLICE = 16 * 1024;

const ADAM7 = [
  { x: 0, y: 0, dx: 8, dy: 8 },
  { x: 4, y: 0, dx: 8, dy: 8 },
  { x: 0, y: 4, dx: 4, dy: 8 },
  { x: 2, y: 0, dx: 4, dy: 4 },
  { x: 0, y: 2, dx: 2, dy: 4 },
  { x: 1, y: 0, dx: 2, dy: 2 },
  { x: 0, y: 1, dx: 1, dy: 2 },
];
const WHOLE = [{ x: 0, y: 0, dx: 1, dy: 1 }];

/**
 * Inflates the image data row by row and undoes the filters (PNG specification, sections 8 and 9), holding two rows at a
 * time. fast-png, which writes our PNGs, is not used to read: it inflates without a bound and cannot interlace below 8 bits.
 *
 * @throws AppError `CORRUPT` for data that is no deflate stream, has an unknown filter or too many bytes;
 * `TRUNCATED` for too few.
 */
export function readPngRows(header: PngHeader, data: Uint8Array, sink: RowSink): void {
  const rows = new RowReader(header, sink);
  const inflater = new Unzlib((chunk) => rows.push(chunk));
  try {
    for (let at = 0; at === 0 || at < data.length; at += SLICE)
      inflater.push(data.subarray(at, at + SLICE), at + SLICE >= data.length);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    // A stream that lacks only its end mark has given every row.
    const isCut = cause instanceof Error && /unexpected EOF/i.test(cause.message);
    if (isCut && rows.isComplete) return;
    if (isCut) throw missing(rows.rowsRead);
    throw new AppError('CORRUPT', 'The image data of the PNG cannot be decompressed.', { format: 'png' }, { cause });
  }
  if (!rows.isComplete) throw missing(rows.rowsRead);
}

function missing(rowsRead: number): AppError {
  return new AppError('TRUNCATED', `The image data of the PNG ends after ${rowsRead} rows.`, { format: 'png', rowsRead });
}

class RowReader {
  rowsRead = 0;
  private readonly pixelBits: number;
  private readonly places: Iterator<RowPlace>;
  private place: RowPlace | undefined;
  /** The row being filled, its filter byte in front, and the row above it in the same pass. */
  private row: Uint8Array;
  private above: Uint8Array;
  private length = 0;
  private filled = 0;

  constructor(
    header: PngHeader,
    private readonly sink: RowSink,
  ) {
    this.pixelBits = header.depth * header.channels;
    const longest = 1 + Math.ceil((header.width * this.pixelBits) / 8);
    this.row = new Uint8Array(longest);
    this.above = new Uint8Array(longest);
    this.places = placesOf(header);
    this.next();
  }

  get isComplete(): boolean {
    return this.place === undefined;
  }

  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length;) {
      if (!this.place) throw new AppError('CORRUPT', 'The PNG holds more image data than it declares.', { format: 'png' });
      const take = Math.min(this.length - this.filled, chunk.length - at);
      this.row.set(chunk.subarray(at, at + take), this.filled);
      this.filled += take;
      at += take;
      if (this.filled === this.length) this.finishRow(this.place);
    }
  }

  private finishRow(place: RowPlace): void {
    unfilter(this.row, this.above, this.length, Math.max(1, this.pixelBits >> 3));
    this.sink(this.row.subarray(1, this.length), place);
    this.rowsRead++;
    [this.row, this.above] = [this.above, this.row];
    this.next();
  }

  private next(): void {
    const step = this.places.next();
    const before = this.place;
    this.place = step.done === true ? undefined : step.value;
    this.filled = 0;
    if (!this.place) return;
    this.length = 1 + Math.ceil((this.place.count * this.pixelBits) / 8);
    // Two passes in a row never begin at the same column; the first row of a pass has nothing above it.
    if (before?.x !== this.place.x) this.above.fill(0);
  }
}

function* placesOf({ width, height, interlaced }: PngHeader): Generator<RowPlace, void> {
  for (const pass of interlaced ? ADAM7 : WHOLE) {
    const count = Math.ceil((width - pass.x) / pass.dx);
    if (count <= 0) continue;
    for (let y = pass.y; y < height; y += pass.dy) yield { x: pass.x, y, step: pass.dx, count };
  }
}

/** Undoes the filter of `row` (its first byte says which) in place. `pixel`: bytes of a pixel, at least one. */
function unfilter(row: Uint8Array, above: Uint8Array, length: number, pixel: number): void {
  const first = pixel + 1;
  switch (row[0]) {
    case 0:
      return;
    case 1:
      for (let i = first; i < length; i++) row[i] = row[i]! + row[i - pixel]!;
      return;
    case 2:
      for (let i = 1; i < length; i++) row[i] = row[i]! + above[i]!;
      return;
    case 3:
      for (let i = 1; i < first && i < length; i++) row[i] = row[i]! + (above[i]! >> 1);
      for (let i = first; i < length; i++) row[i] = row[i]! + ((row[i - pixel]! + above[i]!) >> 1);
      return;
    case 4:
      for (let i = 1; i < first && i < length; i++) row[i] = row[i]! + above[i]!;
      for (let i = first; i < length; i++) row[i] = row[i]! + paeth(row[i - pixel]!, above[i]!, above[i - pixel]!);
      return;
    default:
      throw new AppError('CORRUPT', `A row of the PNG has the unknown filter ${row[0]}.`, { format: 'png' });
  }
}

function paeth(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
