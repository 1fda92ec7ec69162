import { AppError } from '../errors.js';
import { summaryLength } from '../graph/summary.js';
import { readPackTensor } from '../pack/pack-tensor.js';
import { readSafetensors } from '../torch/safetensors.js';
import { byteSource, type StateDict } from '../torch/tensor.js';

/** The learned numbers of a chest check: D of the summary, K directions, H hidden, five outputs. */
export interface ChestCheckTensors {
  readonly directions: number;
  /** `[D]`: what standardises a summary. */
  readonly mean: Float32Array;
  readonly rescale: Float32Array;
  /** `[D, K]`, orthonormal columns. */
  readonly basis: Float32Array;
  /** `[K]`. */
  readonly whiten: Float32Array;
  /** What the directions leave over of a film, on average. */
  readonly rest: number;
  /** Middle and slope of the curve from the remainder's logarithm to a probability. */
  readonly unlike: Float32Array;
  /** The network: `[K + 1, H]`, `[H]`, `[H, 5]`, `[5]`. */
  readonly w1: Float32Array;
  readonly b1: Float32Array;
  readonly w2: Float32Array;
  readonly b2: Float32Array;
}

/** Directions and hidden numbers of a check: more is no check of ours, and memory must not follow a stranger's header. */
const MOST = 512;
const OUTPUTS = 5;
/** The largest file that may call itself a chest check. */
export const CHEST_CHECK_LIMIT = 32_000_000;

/**
 * Reads a pack's chest check and checks every shape against the tower.
 *
 * @throws AppError `PACK_INVALID` naming the tensor that is missing, of another shape, or not of finite numbers.
 */
export async function parseChestCheck(
  bytes: Uint8Array,
  { architecture }: { readonly architecture: { readonly width: number } },
): Promise<ChestCheckTensors> {
  let tensors: StateDict;
  try {
    ({ tensors } = await readSafetensors(byteSource(bytes)));
  } catch (cause) {
    throw new AppError('PACK_INVALID', 'The chest check is not a safetensors file that we read.', {}, { cause });
  }
  const summary = summaryLength(architecture);
  const directions = sizeAt(tensors, 'basis', 1);
  const hidden = sizeAt(tensors, 'w1', 1);
  const read = (key: string, ...dims: number[]): Promise<Float32Array> => readPackTensor(tensors, key, dims, 'The chest check');
  const rest = (await read('rest', 1))[0]!;
  if (!(rest > 0)) throw new AppError('PACK_INVALID', "The chest check's rest is not above zero.", { key: 'rest' });
  return {
    directions,
    rest,
    mean: await read('mean', summary),
    rescale: await read('rescale', summary),
    basis: await read('basis', summary, directions),
    whiten: await read('whiten', directions),
    unlike: await read('unlike', 2),
    w1: await read('w1', directions + 1, hidden),
    b1: await read('b1', hidden),
    w2: await read('w2', hidden, OUTPUTS),
    b2: await read('b2', OUTPUTS),
  };
}

function sizeAt(tensors: StateDict, key: string, axis: number): number {
  const size = tensors.get(key)?.dims[axis];
  if (size === undefined) throw new AppError('PACK_INVALID', `The chest check has no ${key} of two dimensions.`, { key });
  if (size < 1 || size > MOST)
    throw new AppError('PACK_INVALID', `The chest check's ${key} has ${size} columns, not 1 to ${MOST}.`, { key, size });
  return size;
}
