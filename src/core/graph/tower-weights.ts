import { AppError } from '../errors.js';
import type { NamedTensor, StateDict } from '../torch/tensor.js';

/** Reads a checkpoint's tensors in the layout in which the graph wants them. Nothing is read until the weight file is written. */
export class TowerWeights {
  readonly #tensors: StateDict;

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

  /** Rows `[from, to)` of a matrix, or elements of a vector. */
  async rows(key: string, from: number, to: number): Promise<Float32Array> {
    const { dims } = this.#get(key);
    const width = dims[1] ?? 1;
    return (await this.read(key)).subarray(from * width, to * width);
  }

  /** A torch linear layer's `[out, in]` as the `[in, out]` of MatMul, rows `[from, to)` of it, times `scale`. */
  async transposed(key: string, from = 0, to = this.dims(key)[0] ?? 0, scale = 1): Promise<Float32Array> {
    const inputs = this.dims(key)[1] ?? 0;
    const outputs = to - from;
    const rows = await this.rows(key, from, to);
    const columns = new Float32Array(rows.length);
    for (let o = 0; o < outputs; o++)
      for (let i = 0; i < inputs; i++) columns[i * outputs + o] = (rows[o * inputs + i] ?? 0) * scale;
    return columns;
  }

  #get(key: string): NamedTensor {
    const tensor = this.#tensors.get(key);
    if (!tensor) throw new AppError('CHECKPOINT_MISSING_KEY', `The checkpoint has no ${key}.`, { key });
    return tensor;
  }
}
