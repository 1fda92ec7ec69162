import { AppError } from '../errors.js';
import { readSafetensors } from '../torch/safetensors.js';
import { byteSource } from '../torch/tensor.js';
import type { Manifest } from './manifest.js';

interface Values {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** What PPAD learns, and what the text tower made of it: a small file of its own beside the backbone. */
export interface PromptSet {
  /** `[1, N, W]`: what stands in for a patch outside the position. */
  readonly maskEmbedding: Values;
  /** `[5, 2, E]`, each row of length one: the features of (position, class). */
  readonly textFeatures: Values;
}

/**
 * Reads a pack's prompt set (safetensors with `mask_embedding` and `text_features`) and checks it against the architecture.
 *
 * @throws AppError `PACK_INVALID` naming the tensor.
 */
export async function parsePromptSet(bytes: Uint8Array, { architecture, files }: Pick<Manifest, 'architecture' | 'files'>): Promise<PromptSet> {
  const tensors = await readSafetensors(byteSource(bytes)).catch((cause: unknown) => {
    throw new AppError('PACK_INVALID', `The prompt set ${files.prompts.path} cannot be read.`, { file: files.prompts.path }, { cause });
  });
  const read = async (key: string, dims: readonly number[]): Promise<Values> => {
    const tensor = tensors.get(key);
    if (tensor?.dims.join() !== dims.join())
      throw new AppError('PACK_INVALID', `The prompt set's ${key} is not [${dims.join(', ')}].`, { key, file: files.prompts.path });
    const data = await tensor.read();
    if (!data.every(Number.isFinite)) throw new AppError('PACK_INVALID', `The prompt set's ${key} holds values that are not finite.`, { key });
    return { dims, data };
  };
  const { grid, width, embed } = architecture;
  return {
    maskEmbedding: await read('mask_embedding', [1, grid[0] * grid[1], width]),
    textFeatures: await read('text_features', [5, 2, embed]),
  };
}
