import { throwIfAborted } from '../errors.js';
import { float32ToFloat16 } from '../torch/half.js';
import { sizeOf } from '../torch/tensor.js';

/** How numbers lie in a weight file. Arithmetic is float32 either way. */
export type Storage = 'float16' | 'float32';

/** Takes the next bytes of a file. */
export type Sink = (chunk: Uint8Array) => void | Promise<void>;

/** Where a tensor lies in its weight file. */
export interface WeightPlace {
  readonly offset: number;
  readonly bytes: number;
}

/** A weight file, laid out before any tensor is read: a 351 MB tower is written one tensor at a time. */
export interface WeightFile {
  /** The name that the model's initializers point to. */
  readonly path: string;
  readonly byteLength: number;
  /**
   * Reads every tensor in turn and hands its bytes on, in order.
   *
   * @throws AppError `ABORTED`, and whatever the tensors' `read` throws.
   */
  write(sink: Sink, signal?: AbortSignal): Promise<void>;
}

/** A cache line and a WebGPU binding's alignment in one: tensors start at multiples of it. */
const ALIGNMENT = 64;

interface Entry extends WeightPlace {
  readonly storage: Storage;
  readonly count: number;
  readonly produce: () => Promise<Float32Array>;
}

/** Lays out tensors in the order in which they are added. */
export class WeightLayout {
  readonly #entries: Entry[] = [];
  #end = 0;

  add(dims: readonly number[], storage: Storage, produce: () => Promise<Float32Array>): WeightPlace {
    const count = sizeOf(dims);
    const offset = Math.ceil(this.#end / ALIGNMENT) * ALIGNMENT;
    const entry = { offset, bytes: count * (storage === 'float16' ? 2 : 4), storage, count, produce };
    this.#entries.push(entry);
    this.#end = offset + entry.bytes;
    return entry;
  }

  finish(path: string): WeightFile {
    const entries = [...this.#entries];
    return {
      path,
      byteLength: this.#end,
      async write(sink, signal) {
        let position = 0;
        for (const entry of entries) {
          throwIfAborted(signal);
          if (entry.offset > position) await sink(new Uint8Array(entry.offset - position));
          const values = await entry.produce();
          if (values.length !== entry.count) throw new RangeError(`A tensor of ${entry.count} numbers gave ${values.length}.`);
          const stored = entry.storage === 'float16' ? float32ToFloat16(values) : values;
          await sink(new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength));
          position = entry.offset + entry.bytes;
        }
      },
    };
  }
}

/** The whole file in memory: for small towers and tests. */
export async function collectWeights(file: WeightFile): Promise<Uint8Array> {
  const bytes = new Uint8Array(file.byteLength);
  let position = 0;
  await file.write((chunk) => {
    bytes.set(chunk, position);
    position += chunk.byteLength;
  });
  return bytes;
}
