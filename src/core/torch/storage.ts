import { readPieces } from './byte-cursor.js';
import { crc32 } from '../crc32.js';
import { damaged } from './fault.js';
import { checkFinite } from './finite.js';
import { BYTES_PER_ELEMENT, decodeInto } from './half.js';
import type { StorageRef, TensorRef } from './pickle-value.js';
import { type ByteSource, type DType, type NamedTensor, sizeOf } from './tensor.js';

/** Where a storage's bytes lie in the file. */
export interface StorageBytes {
  readonly byteLength: number;
  /** Offset of its first byte. Asked for when a tensor is read: a zip file says it in a second place. */
  start(): Promise<number>;
  /** CRC-32 of all its bytes, where the container records one. */
  readonly checksum: number | undefined;
}

/** Finds a storage by its key, checking that the container holds it. */
export type StorageLookup = (storage: StorageRef, key: string) => StorageBytes;

const DTYPES: Readonly<Record<string, DType>> = {
  FloatStorage: 'float32',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  LongStorage: 'int64',
  IntStorage: 'int32',
};

/** The element type of a storage, or undefined for one that no model here needs (float64, bytes, booleans). */
export function dtypeOf(storage: StorageRef): DType | undefined {
  return DTYPES[storage.type.name];
}

// 2^29 float32 are 2 GB, the largest ArrayBuffer that every browser gives; ViT-L/14's token table has 2^25.
const MOST_ELEMENTS = 2 ** 29;
// A stride of zero repeats an element for nothing: only small tensors may be larger than their storage.
const MOST_REPEATED = 2 ** 20;
// A column of a large matrix is read with all that lies between its elements: no model stores such tensors, so there is a limit.
const MOST_SPREAD = 2 ** 24;

/**
 * A tensor of the file, its shape compared with its storage; nothing is read yet. `read` goes through the storage in pieces,
 * checks the storage's CRC where the tensor covers all of it, and refuses values that are not finite.
 *
 * @throws AppError `CHECKPOINT_INVALID` naming `key`.
 */
export function tensorAt(source: ByteSource, key: string, tensor: TensorRef, dtype: DType, bytes: StorageBytes): NamedTensor {
  const { storage, dims, strides } = tensor;
  const count = sizeOf(dims);
  const last = dims.reduce((sum, dim, axis) => sum + (dim - 1) * (strides[axis] ?? 0), tensor.offset);
  const bad = (fact: string) => damaged(`Tensor ${key} ${fact}.`, { key });
  if (!Number.isSafeInteger(count) || count > MOST_ELEMENTS) throw bad(`has ${count} elements`);
  if (count > storage.count && count > MOST_REPEATED) throw bad(`has ${count} elements, its storage ${storage.count}`);
  if (count > 0 && last >= storage.count) throw bad(`reaches element ${last} of a storage of ${storage.count}`);
  const span = last - tensor.offset + 1;
  if (span > MOST_SPREAD && span > 4 * count) throw bad(`is spread over ${span} elements`);
  if (storage.total * storage.type.bytesPerElement > bytes.byteLength)
    throw bad(`lies in a storage of ${storage.total} elements, of which the file holds ${bytes.byteLength} bytes`);

  const read = async (): Promise<Float32Array> => {
    if (count === 0) return new Float32Array(0);
    const from = storage.from + tensor.offset;
    const elements = await readElements(source, key, dtype, bytes, from, span);
    const values = isContiguous(dims, strides) ? elements : gather(elements, dims, strides, count);
    return checkFinite(key, values);
  };
  return { dtype, dims, read };
}

/** Elements `[from, from + count)` of a storage, decoded piece by piece. */
async function readElements(
  source: ByteSource,
  key: string,
  dtype: DType,
  bytes: StorageBytes,
  from: number,
  count: number,
): Promise<Float32Array> {
  const size = BYTES_PER_ELEMENT[dtype];
  const start = (await bytes.start()) + from * size;
  const values = new Float32Array(count);
  let checksum = 0;
  let done = 0;
  for await (const piece of readPieces(source, start, start + count * size)) {
    if (bytes.checksum !== undefined) checksum = crc32(piece, checksum);
    done += decodeInto(values, done, dtype, piece);
  }
  if (bytes.checksum !== undefined && count * size === bytes.byteLength && checksum !== bytes.checksum)
    throw damaged(`The bytes of tensor ${key} do not match their checksum.`, { key, offset: start });
  return values;
}

function isContiguous(dims: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = dims.length - 1; axis >= 0; axis--) {
    const dim = dims[axis] ?? 1;
    if (dim !== 1 && strides[axis] !== expected) return false;
    expected *= dim;
  }
  return true;
}

/** Strided elements in row-major order: an odometer over the axes, `at` following by the strides. */
function gather(elements: Float32Array, dims: readonly number[], strides: readonly number[], count: number): Float32Array {
  const values = new Float32Array(count);
  const index = dims.map(() => 0);
  let at = 0;
  for (let i = 0; i < count; i++) {
    values[i] = elements[at] ?? 0;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1;
      const stride = strides[axis] ?? 0;
      if (next < (dims[axis] ?? 1)) {
        index[axis] = next;
        at += stride;
        break;
      }
      index[axis] = 0;
      at -= (next - 1) * stride;
    }
  }
  return values;
}
