import { writeSafetensors } from '../../core/torch/safetensors.js';
import { gaussian, randomClip } from './fixture-pack.js';
import { RandomWeights } from './random-weights.js';

const TEXT = { width: 64, layers: 2, embed: 64, vocabulary: 49_408, context: 77 };

/**
 * A CLIP of random weights with both towers, by OpenAI's names, as a safetensors file of 15 MB: small but for its full vocabulary,
 * with one key that is of no use.
 */
export async function makeCheckpoint(seed = 5): Promise<Uint8Array> {
  const { width, layers, embed, vocabulary, context } = TEXT;
  const weights = new RandomWeights(gaussian(seed));
  weights.add('token_embedding.weight', [vocabulary, width], 1);
  weights.add('positional_embedding', [context, width], 0.2);
  weights.blocks(layers, width);
  weights.norm('ln_final', width);
  weights.add('text_projection', [width, embed], width ** -0.5);
  weights.add('logit_scale', [], 0, Math.log(20));
  weights.add('input_resolution', [], 0, 224);
  const { tensors } = weights;
  const vision = randomClip({ width: 64, layers: 2, patch: 32, side: 224, embed, storage: 'float32', seed });
  for (const [key, tensor] of vision) tensors.set(key, { dims: tensor.dims, data: await tensor.read() });
  return writeSafetensors(tensors);
}
