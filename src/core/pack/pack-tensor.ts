import { AppError } from '../errors.js';
import type { StateDict } from '../torch/tensor.js';

/**
 * A tensor of one of a pack's files, of the shape it must have.
 *
 * @param what the file, as an error names it: "The prompt set"
 * @throws AppError `PACK_INVALID` naming the tensor that is missing, of another shape, or not of finite numbers.
 */
export async function readPackTensor(
  tensors: StateDict,
  key: string,
  dims: readonly number[],
  what: string,
): Promise<Float32Array> {
  const tensor = tensors.get(key);
  if (!tensor) throw new AppError('PACK_INVALID', `${what} has no ${key}.`, { key });
  if (tensor.dims.length !== dims.length || !dims.every((size, i) => size === tensor.dims[i]))
    throw new AppError('PACK_INVALID', `${what}'s ${key} has the shape [${tensor.dims.join(', ')}], not [${dims.join(', ')}].`, {
      key,
    });
  try {
    return await tensor.read();
  } catch (cause) {
    // The reader of checkpoints has refused it, in the words for checkpoints: to the person this is a damaged pack.
    throw new AppError(
      'PACK_INVALID',
      `${what}'s ${key} cannot be read, or holds numbers that are not finite.`,
      { key },
      { cause },
    );
  }
}
