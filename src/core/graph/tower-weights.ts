import { AppError } from '../errors.js';
import type { NamedTensor, StateDict } from '../torch/tensor.js';

const TILE = 32;

/** Reads a checkpoint's tensors in the layout in which the graph wants them. Nothing is read until the weight file is written. */
export class TowerWeights {
  readonly #tensors: StateDict;
  /** The matrix that rows were asked of last. */
  #last: { readonly key: string; readonly values: Float32Array } | undefined;

  constructor(tensors: StateDict) {
    this.#tensors = tensors;
  }

  /** @throws AppError `CHECKPOINT_MISSING_KEY`. */
  dims(key: string): readonly number[] {
    return this.#get(key).dims;
  }

  read(key: string): Promise<Float32Array> {
    return this.#get(key).read();
  }

  /** Rows `[from, to)` of a matrix, or elements of a vector: not to be changed. */
  async rows(key: string, from: number, to: number): Promise<Float32Array> {
    const { dims } = this.#get(key);
    const width = dims[1] ?? 1;
    // Queries, keys and values lie in one matrix, which is read once for all three.
    const values = dims.length < 2 ? await this.read(key) : await this.#readOnce(key);
    return values.subarray(from * width, to * width);
  }

  async #readOnce(key: string): Promise<Float32Array> {
    if (this.#last?.key !== key) {
      this.#last = undefined;
      this.#last = { key, values: await this.read(key) };
    }
    return this.#last.values;
  }

  /** A torch linear layer's `[out, in]` as the `[in, out]` of MatMul, rows `[from, to)` of it, times `scale`. */
  async transposed(key: string, from = 0, to = this.dims(key)[0] ?? 0, scale = 1): Promise<Float32Array> {
    const inputs = this.dims(key)[1] ?? 0;
    const outputs = to - from;
    const rows = await this.rows(key, from, to);
    const columns = new Float32Array(rows.length);
    // Tile by tile, so that both sides stay in the processor's cache.
    for (let top = 0; top < outputs; top += TILE)
      for (let left = 0; left < inputs; left += TILE) {
        const bottom = Math.min(top + TILE, outputs);
        const right = Math.min(left + TILE, inputs);
        for (let o = top; o < bottom; o++)
          for (let i = left; i < right; i++) columns[i * outputs + o] = rows[o * inputs + i]! * scale;
      }
    return columns;
  }

  #get(key: string): NamedTensor {
    const tensor = this.#tensors.get(key);
    if (!tensor) throw new AppError('CHECKPOINT_MISSING_KEY', `The checkpoint has no ${key}.`, { key });
    return tensor;
  }
}
