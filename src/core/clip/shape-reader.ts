import { AppError } from '../errors.js';
import { sizeOf } from '../torch/tensor.js';

/** Tensors by name, of which only the shapes are looked at. */
export type Shapes = ReadonlyMap<string, { readonly dims: readonly number[] }>;

/** Asks a state dict for tensors by name and shape, and names the one that is missing or does not fit. */
export interface ShapeReader {
  has(key: string): boolean;
  /**
   * The shape of `key`, where -1 in `expected` stands for any positive size.
   *
   * @throws AppError `CHECKPOINT_MISSING_KEY`, `CHECKPOINT_INVALID`.
   */
  dims(key: string, expected: readonly number[]): readonly number[];
  /** One more than the largest index right behind `prefix`: gaps show up as missing keys. */
  count(prefix: string): number;
  /** @throws AppError `CHECKPOINT_INVALID` that `key` `says`. */
  invalid(key: string, says: string): never;
  /** Names and sizes of all tensors asked for so far. */
  readonly taken: ReadonlyMap<string, number>;
}

export function shapeReader(shapes: Shapes): ShapeReader {
  const taken = new Map<string, number>();
  const invalid = (key: string, says: string): never => {
    throw new AppError('CHECKPOINT_INVALID', `The checkpoint's ${key} ${says}.`, { key });
  };
  return {
    taken,
    invalid,
    has: (key) => shapes.has(key),
    dims(key, expected) {
      const tensor = shapes.get(key);
      if (!tensor) throw new AppError('CHECKPOINT_MISSING_KEY', `The checkpoint has no ${key}.`, { key });
      const { dims } = tensor;
      const fits =
        dims.length === expected.length && expected.every((size, i) => (size === -1 ? (dims[i] ?? 0) > 0 : size === dims[i]));
      if (!fits) {
        const wanted = expected.map((size) => (size === -1 ? 'any' : String(size))).join(', ');
        return invalid(key, `has the shape [${dims.join(', ')}], not [${wanted}]`);
      }
      taken.set(key, sizeOf(dims));
      return dims;
    },
    count(prefix) {
      let count = 0;
      for (const key of shapes.keys()) {
        if (!key.startsWith(prefix)) continue;
        const index = /^(\d{1,6})\./.exec(key.slice(prefix.length))?.[1];
        if (index !== undefined) count = Math.max(count, Number(index) + 1);
      }
      return count;
    },
  };
}
