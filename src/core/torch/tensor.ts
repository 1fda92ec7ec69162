/** Element types of the tensors that a checkpoint may hold. */
export type DType = 'float32' | 'float16' | 'bfloat16' | 'int64' | 'int32';

/**
 * A tensor of a checkpoint, still on disk: a 600 MB file is read one tensor at a time, as the graph builder writes it out.
 */
export interface NamedTensor {
  readonly dtype: DType;
  /** Row-major shape; `[]` for a scalar. */
  readonly dims: readonly number[];
  /** The values as float32, contiguous and row-major, in a fresh array that the caller may change. Integers are rounded to float32. */
  read(): Promise<Float32Array>;
}

export type StateDict = ReadonlyMap<string, NamedTensor>;

/** Random access to a file, a Blob or bytes in memory: all that the checkpoint readers ask for. */
export interface ByteSource {
  readonly byteLength: number;
  /** Bytes `[from, to)`, `0 <= from <= to <= byteLength`. The result may share memory with the source: don't change it. */
  slice(from: number, to: number): Promise<Uint8Array>;
  /**
   * Bytes `[from, to)` in order, in pieces of about a megabyte, each of a multiple of eight bytes but for the last, and each to be
   * used before the next is asked for: its memory is used again. Left out where slices cost no memory.
   */
  pieces?(from: number, to: number): AsyncIterable<Uint8Array>;
}

/** A source over bytes that are in memory already. */
export function byteSource(bytes: Uint8Array): ByteSource {
  return { byteLength: bytes.byteLength, slice: (from, to) => Promise.resolve(bytes.subarray(from, to)) };
}

/** A float32 tensor from values in memory, `values.length` being the product of `dims`. */
export function tensorOf(dims: readonly number[], values: Float32Array): NamedTensor {
  return { dtype: 'float32', dims, read: () => Promise.resolve(values.slice()) };
}

/** Number of elements of a shape; 1 for a scalar. */
export function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}
