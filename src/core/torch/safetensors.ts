import { AppError } from '../errors.js';
import { readPieces } from './byte-cursor.js';
import { checkFinite } from './finite.js';
import { BYTES_PER_ELEMENT, decodeInto } from './half.js';
import type { FlatTensors, SkippedTensor } from './flatten.js';
import { sizeOf, type ByteSource, type DType, type NamedTensor } from './tensor.js';

const DTYPES: Readonly<Record<string, DType>> = { F32: 'float32', F16: 'float16', BF16: 'bfloat16', I64: 'int64', I32: 'int32' };
/** A ViT-B/32 has a header of 40 KB; the library that defined the format stops at 100 MB. */
const MAX_HEADER = 10_000_000;
const MAX_RANK = 8;

function invalid(says: string, detail: Record<string, string | number>): never {
  throw new AppError('CHECKPOINT_INVALID', `The safetensors file ${says}.`, detail);
}

/**
 * Reads a safetensors file's header; tensors are read when they are asked for. Every range is checked against the file before
 * anything is allocated. Layout: eight bytes of length, a JSON header, the data. Tensors of types that no model here needs are
 * skipped, as in a torch file: whoever needs one by its name says so.
 *
 * @throws AppError `CHECKPOINT_INVALID` naming the tensor.
 */
export async function readSafetensors(source: ByteSource): Promise<FlatTensors> {
  if (source.byteLength < 8) invalid(`has ${source.byteLength} bytes, too few for a header`, { offset: 0 });
  const prefix = await source.slice(0, 8);
  const length = Number(new DataView(prefix.buffer, prefix.byteOffset, 8).getBigUint64(0, true));
  if (length > MAX_HEADER || length > source.byteLength - 8) invalid(`declares a header of ${length} bytes`, { offset: 0 });
  const header = parseHeader(await source.slice(8, 8 + length));
  const tensors = new Map<string, NamedTensor>();
  const skipped: SkippedTensor[] = [];
  for (const [key, entry] of Object.entries(header)) {
    if (key === '__metadata__') continue;
    const { type, shape, from, to } = parseEntry(source, 8 + length, key, entry);
    const dtype = Object.hasOwn(DTYPES, type) ? DTYPES[type] : undefined;
    if (dtype) tensors.set(key, tensorAt(source, key, { dtype, dims: shape, from, to }));
    else skipped.push({ key, type, dims: shape });
  }
  return { tensors, skipped };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (isRecord(header)) return header;
  } catch (cause) {
    throw new AppError('CHECKPOINT_INVALID', 'The safetensors file has a header that is not JSON.', { offset: 8 }, { cause });
  }
  return invalid('has a header that is not an object', { offset: 8 });
}

interface Entry {
  /** The element type as the file has it. */
  readonly type: string;
  readonly shape: readonly number[];
  /** Offsets in the file. */
  readonly from: number;
  readonly to: number;
}

function parseEntry(source: ByteSource, start: number, key: string, entry: unknown): Entry {
  if (!isRecord(entry)) return invalid(`describes ${key} by something that is not an object`, { key });
  const { dtype: type, shape, data_offsets: offsets } = entry as { dtype?: unknown; shape?: unknown; data_offsets?: unknown };
  if (typeof type !== 'string' || !/^\w{1,20}$/.test(type)) return invalid(`gives ${key} no proper type`, { key });
  if (!isCounts(shape) || shape.length > MAX_RANK) return invalid(`gives ${key} no proper shape`, { key });
  if (!isCounts(offsets) || offsets.length !== 2) return invalid(`gives ${key} no proper place`, { key });
  const [from = 0, to = 0] = offsets;
  if (from > to || start + to > source.byteLength)
    return invalid(`places ${key} at ${from} to ${to}, which does not fit the file`, { key, from, to });
  return { type, shape, from: start + from, to: start + to };
}

function tensorAt(
  source: ByteSource,
  key: string,
  { dtype, dims, from, to }: Pick<NamedTensor, 'dtype' | 'dims'> & Pick<Entry, 'from' | 'to'>,
): NamedTensor {
  if (to - from !== sizeOf(dims) * BYTES_PER_ELEMENT[dtype])
    return invalid(`places ${key} at ${to - from} bytes, which do not fit its shape`, { key, bytes: to - from });
  return {
    dtype,
    dims,
    read: async () => {
      const values = new Float32Array(sizeOf(dims));
      let done = 0;
      for await (const piece of readPieces(source, from, to)) done += decodeInto(values, done, dtype, piece);
      return checkFinite(key, values);
    },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((entry) => Number.isSafeInteger(entry) && (entry as number) >= 0);
}

/** A safetensors file of float32 tensors, in the order of the map: for prompt sets, which are small. */
export function writeSafetensors(
  tensors: ReadonlyMap<string, { readonly dims: readonly number[]; readonly data: Float32Array }>,
): Uint8Array {
  let end = 0;
  const header: Record<string, unknown> = {};
  for (const [name, { dims, data }] of tensors) {
    if (data.length !== sizeOf(dims)) throw new RangeError(`The tensor ${name} does not fill its shape.`);
    header[name] = { dtype: 'F32', shape: dims, data_offsets: [end, (end += data.byteLength)] };
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  // Blanks after the header align the data, as the format asks.
  const length = Math.ceil(text.byteLength / 8) * 8;
  const bytes = new Uint8Array(8 + length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.fill(0x20, 8, 8 + length).set(text, 8);
  let position = 8 + length;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return bytes;
}
