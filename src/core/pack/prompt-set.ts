import { AppError } from '../errors.js';
import { POSITION_IDS } from '../result.js';
import { readPackTensor } from './pack-tensor.js';
import { readSafetensors, writeSafetensors } from '../torch/safetensors.js';
import { byteSource, type StateDict } from '../torch/tensor.js';
import type { Manifest } from './manifest.js';

/** A dense float32 tensor, row-major. */
export interface DenseTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** What PPAD learned, and the text features that follow from it: a small file beside a frozen CLIP. */
export interface PromptSet {
  /** `[1, N, W]`: what stands in for each patch outside a position. */
  readonly maskEmbedding: DenseTensor;
  /** `[5, 2, E]` of length one: positions in the method's order, normal before abnormal. */
  readonly textFeatures: DenseTensor;
  /** `[16, Wt]`: the learned words, for other class words later on. */
  readonly context: DenseTensor | undefined;
}

/** The shapes that a prompt set must have to go with a vision tower. */
export type PromptShape = Pick<Manifest['architecture'], 'grid' | 'width' | 'embed'>;

const TWO_CLASSES = 2;

/**
 * Reads a prompt set and checks it against the tower of the pack.
 *
 * @throws AppError `PACK_INVALID` naming the tensor that is missing, of another shape, or not of finite numbers.
 */
export async function parsePromptSet(bytes: Uint8Array, manifest: { readonly architecture: PromptShape }): Promise<PromptSet> {
  const { grid, width, embed } = manifest.architecture;
  let tensors: StateDict;
  try {
    ({ tensors } = await readSafetensors(byteSource(bytes)));
  } catch (cause) {
    throw new AppError('PACK_INVALID', 'The prompt set is not a safetensors file that we read.', {}, { cause });
  }
  const maskEmbedding = await readTensor(tensors, 'mask_embedding', [1, grid[0] * grid[1], width]);
  const textFeatures = await readTensor(tensors, 'text_features', [POSITION_IDS.length, TWO_CLASSES, embed]);
  const contextDims = tensors.get('ctx')?.dims;
  const context = contextDims ? await readTensor(tensors, 'ctx', contextDims) : undefined;
  return { maskEmbedding, textFeatures, context };
}

/** A prompt set as a safetensors file. */
export function writePromptSet({ maskEmbedding, textFeatures, context }: PromptSet): Uint8Array {
  const tensors = new Map<string, DenseTensor>([
    ['mask_embedding', maskEmbedding],
    ['text_features', textFeatures],
  ]);
  if (context) tensors.set('ctx', context);
  return writeSafetensors(tensors);
}

async function readTensor(tensors: StateDict, key: string, dims: readonly number[]): Promise<DenseTensor> {
  return { dims, data: await readPackTensor(tensors, key, dims, 'The prompt set') };
}
