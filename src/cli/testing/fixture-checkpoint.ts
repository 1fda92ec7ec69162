import { writeSafetensors } from '../../core/torch/safetensors.js';
import { gaussian, randomClip } from './fixture-pack.js';

const TEXT = { width: 64, layers: 2, embed: 64, vocabulary: 49_408, context: 77 };

/**
 * A CLIP of random weights with both towers, by OpenAI's names, as a safetensors file of 15 MB: small but for its full vocabulary,
 * with one key that is of no use.
 */
export async function makeCheckpoint(seed = 5): Promise<Uint8Array> {
  const { width, layers, embed, vocabulary, context } = TEXT;
  const random = gaussian(seed);
  const tensors = new Map<string, { readonly dims: readonly number[]; readonly data: Float32Array }>();
  const add = (key: string, dims: readonly number[], scale: number, offset = 0): void => {
    const count = dims.reduce((product, size) => product * size, 1);
    tensors.set(key, { dims, data: Float32Array.from({ length: count }, () => offset + scale * random()) });
  };
  const norm = (key: string): void => {
    add(`${key}.weight`, [width], 0.1, 1);
    add(`${key}.bias`, [width], 0.1);
  };
  add('token_embedding.weight', [vocabulary, width], 1);
  add('positional_embedding', [context, width], 0.2);
  for (let i = 0; i < layers; i++) {
    const block = `transformer.resblocks.${i}`;
    norm(`${block}.ln_1`);
    add(`${block}.attn.in_proj_weight`, [3 * width, width], width ** -0.5);
    add(`${block}.attn.in_proj_bias`, [3 * width], 0.1);
    add(`${block}.attn.out_proj.weight`, [width, width], width ** -0.5);
    add(`${block}.attn.out_proj.bias`, [width], 0.1);
    norm(`${block}.ln_2`);
    add(`${block}.mlp.c_fc.weight`, [4 * width, width], width ** -0.5);
    add(`${block}.mlp.c_fc.bias`, [4 * width], 0.1);
    add(`${block}.mlp.c_proj.weight`, [width, 4 * width], (4 * width) ** -0.5);
    add(`${block}.mlp.c_proj.bias`, [width], 0.1);
  }
  norm('ln_final');
  add('text_projection', [width, embed], width ** -0.5);
  add('logit_scale', [], 0, Math.log(20));
  add('input_resolution', [], 0, 224);
  const vision = randomClip({ width: 64, layers: 2, patch: 32, side: 224, embed, storage: 'float32', seed });
  for (const [key, tensor] of vision) tensors.set(key, { dims: tensor.dims, data: await tensor.read() });
  return writeSafetensors(tensors);
}
