import { readFileSync } from 'node:fs';
import { createTokenizer } from '../../core/clip/tokenizer.js';
import { CONTEXT_WORDS, tokenisePrompt } from '../../core/ppad/prompt.js';
import { openCheckpoint } from '../../core/torch/open-checkpoint.js';
import { writeSafetensors } from '../../core/torch/safetensors.js';
import { byteSource } from '../../core/torch/tensor.js';
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

/**
 * PPAD's prompts alone for a CLIP of `makeCheckpoint`, as a safetensors file: what was learned is random, `token_prefix` and
 * `token_suffix` are rows of the CLIP's token table, as the reference saves them.
 */
export async function makePrompts(checkpoint: Uint8Array, classes = ['normal', 'effusion'], seed = 9): Promise<Uint8Array> {
  const { tensors } = await openCheckpoint(byteSource(checkpoint));
  const table = await tensors.get('token_embedding.weight')!.read();
  const [tokens = 0, width = 0] = tensors.get('visual.positional_embedding')!.dims;
  const tokenizer = createTokenizer(readFileSync(new URL('../../../public/tokenizer/clip-merges.txt', import.meta.url), 'utf8'));
  const prompts = classes.map((words) => tokenisePrompt((text) => tokenizer.encode(text), '', words).ids);
  const rest = TEXT.context - 1 - CONTEXT_WORDS;
  const rows = (ids: readonly number[]): number[] =>
    ids.flatMap((id) => [...table.subarray(id * TEXT.width, (id + 1) * TEXT.width)]);
  const suffixes = prompts.map((ids) => Array.from({ length: rest }, (_, i) => ids[1 + CONTEXT_WORDS + i] ?? 0));
  const weights = new RandomWeights(gaussian(seed));
  weights.add('prompt_learner_ctx.ctx', [CONTEXT_WORDS, TEXT.width], 1);
  weights.add('image_mask_learner.mask_embedding', [1, tokens - 1, width], 1);
  weights.tensors.set('prompt_learner_ctx.token_prefix', {
    dims: [classes.length, 1, TEXT.width],
    data: Float32Array.from(rows(prompts.map(([start]) => start!))),
  });
  weights.tensors.set('prompt_learner_ctx.token_suffix', {
    dims: [classes.length, rest, TEXT.width],
    data: Float32Array.from(rows(suffixes.flat())),
  });
  return writeSafetensors(weights.tensors);
}
