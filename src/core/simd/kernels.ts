import { KERNELS_BINARY } from './kernels-binary.js';

/** The functions of kernels.wat over a memory of their own; all arguments that name a place are byte offsets into it. */
export interface Kernels {
  /** One pass of Pillow's resize: `rows` (a multiple of four) of `width` bytes become `outWidth` rows, `outStride` bytes apart. */
  resample(
    pixels: number,
    width: number,
    rows: number,
    first: number,
    weights: number,
    blocks: number,
    out: number,
    outStride: number,
    outWidth: number,
  ): void;
  /** `count` values times a matrix of as many rows of `columns` (a multiple of sixteen), all float32. */
  project(values: number, count: number, matrix: number, columns: number, sums: number): void;
  /** The red bytes of `count` pixels (a multiple of sixteen) of four bytes; 1 if any was no grey, plus 2 if any was not opaque. */
  reds(rgba: number, count: number, out: number): number;
  /** The memory's bytes, at least `length` of them; the array is good until the next call. */
  bytes(length: number): Uint8Array<ArrayBuffer>;
}

const PAGE_BYTES = 65_536;

let compiled: WebAssembly.Module | undefined;

/** An instance with a memory of its own. A kilobyte of code: compiling it takes less than a millisecond, once. */
export function startKernels(): Kernels {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(KERNELS_BINARY), (char) => char.charCodeAt(0)));
  const { exports } = new WebAssembly.Instance(compiled);
  const memory = exports['memory'] as WebAssembly.Memory;
  return {
    resample: exports['resample'] as Kernels['resample'],
    project: exports['project'] as Kernels['project'],
    reds: exports['reds'] as Kernels['reds'],
    bytes(length) {
      const missing = length - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
      return new Uint8Array(memory.buffer);
    },
  };
}
