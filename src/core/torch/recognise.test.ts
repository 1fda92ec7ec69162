import { describe, expect, it } from 'vitest';
import { recognise } from './recognise.js';
import { tensorOf } from './tensor.js';

const tensor = tensorOf([1], Float32Array.of(1));
const CLIP = [
  'visual.conv1.weight',
  'visual.proj',
  'transformer.resblocks.0.ln_1.weight',
  'token_embedding.weight',
  'ln_final.bias',
  'logit_scale',
];
const PROMPTS = [
  'prompt_learner_ctx.ctx',
  'prompt_learner_ctx.token_prefix',
  'prompt_learner_ctx.token_suffix',
  'image_mask_learner.mask_embedding',
];

function sort(keys: readonly string[], skipped: string[] = []) {
  return recognise({
    tensors: new Map(keys.map((key) => [key, tensor])),
    skipped: skipped.map((key) => ({ key, type: 'DoubleStorage', dims: [1] })),
  });
}

describe('what a checkpoint is', () => {
  it.each([
    ['bare', ''],
    ['of parallel training', 'module.'],
    ['wrapped', 'state_dict.'],
    ['wrapped twice', 'model.state_dict.module.'],
  ])('a CLIP, %s', (_, prefix) => {
    const found = sort([...CLIP.map((key) => prefix + key), `${prefix}input_resolution`, 'epoch']);
    expect(found.kind).toBe('clip');
    expect(found.kind === 'clip' && [...found.clip.keys()]).toEqual(CLIP);
    expect(found.surplus).toEqual([`${prefix}input_resolution`, 'epoch']);
  });

  it.each(['', 'module.', 'state_dict.'])('a PPAD checkpoint with its CLIP inside, prefix "%s"', (prefix) => {
    const found = sort(
      [...PROMPTS, ...CLIP.map((key) => `prompt_learner_ctx.clip_model.${key}`), 'other'].map((key) => prefix + key),
    );
    expect(found.kind).toBe('ppad');
    expect(found.kind === 'ppad' && [...found.clip.keys()]).toEqual(CLIP);
    expect(found.kind === 'ppad' && found.prompts.tokenSuffix).toBe(tensor);
    expect(found.surplus).toEqual([`${prefix}other`]);
  });

  it('prompts alone, with or without the buffers', () => {
    expect(sort(PROMPTS).kind).toBe('ppad-prompts');
    const found = sort([PROMPTS[0]!, PROMPTS[3]!]);
    expect(found.kind === 'ppad-prompts' && found.prompts.tokenSuffix).toBeUndefined();
  });

  it('prompts with parallel training inside the group', () => {
    expect(sort(['prompt_learner_ctx.module.ctx', 'image_mask_learner.module.mask_embedding']).kind).toBe('ppad-prompts');
  });

  it.each([0, 3])('names the learned tensor that is missing: %s', (index) => {
    const keys = PROMPTS.filter((_, i) => i !== index);
    expect(() => sort(keys)).toThrow(
      expect.objectContaining({ code: 'CHECKPOINT_MISSING_KEY', detail: { key: PROMPTS[index] } }) as Error,
    );
  });

  it('names the tensor whose type is not read', () => {
    expect(() => sort(CLIP.slice(1), ['visual.conv1.weight'])).toThrow(/visual\.conv1\.weight is a DoubleStorage/);
    expect(sort(CLIP, ['step']).surplus).toEqual(['step']);
  });

  it('does not choose between two tensors of one meaning', () => {
    expect(() => sort([...CLIP, 'module.visual.proj'])).toThrow(
      /visual\.proj twice: as visual\.proj and as module\.visual\.proj/,
    );
  });

  it.each([
    ['Hugging Face', ['vision_model.embeddings.class_embedding'], /Hugging Face/],
    ['timm', ['visual.trunk.patch_embed.proj.weight'], /timm/],
    ['another network', ['conv1.weight', 'fc.bias'], /of its 2 tensors the first is conv1\.weight/],
    ['nothing', [], /no tensors/],
  ])('declines %s', (_, keys, message) => {
    expect(() => sort(keys)).toThrow(message);
  });
});
