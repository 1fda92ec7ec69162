import { describe, expect, it } from 'vitest';
import { AppError } from '../errors.js';
import { tinyClip, type TinyStem } from '../graph/testing/tiny-clip.js';
import { inferArchitecture } from './architecture.js';

const STEMS = ['patch', 'stem', 'mobile'] as const satisfies readonly TinyStem[];

type Shapes = Map<string, { readonly dims: readonly number[] }>;

function shapes(stem: TinyStem = 'patch'): Shapes {
  return new Map(tinyClip(stem));
}

/** Width, blocks and heads of the two towers of OpenAI's ViTs. */
const BASE = { width: 768, layers: 12, heads: 12, embed: 512, text: { width: 512, heads: 8 } };
const LARGE = { width: 1024, layers: 24, heads: 16, embed: 768, text: { width: 768, heads: 12 } };
/** Their parameters are those that OpenAI's image towers have. */
const VITS = [
  ['ViT-B/32', { ...BASE, patch: 32, side: 224, parameters: 87_849_216 }],
  ['ViT-B/16', { ...BASE, patch: 16, side: 224, parameters: 86_192_640 }],
  ['ViT-L/14', { ...LARGE, patch: 14, side: 224, parameters: 303_966_208 }],
  ['ViT-L/14 at 336 pixels', { ...LARGE, patch: 14, side: 336, parameters: 304_293_888 }],
] as const;

/** The tensors of one of them by shape alone. */
function vit({ width, layers, embed, text, patch, side }: (typeof VITS)[number][1]): Shapes {
  const all: [string, number[]][] = [
    ['visual.conv1.weight', [width, 3, patch, patch]],
    ['visual.class_embedding', [width]],
    ['visual.positional_embedding', [(side / patch) ** 2 + 1, width]],
    ['visual.proj', [width, embed]],
    ['token_embedding.weight', [49408, text.width]],
    ['positional_embedding', [77, text.width]],
    ['text_projection', [text.width, embed]],
    ['logit_scale', []],
    ['input_resolution', []],
  ];
  for (const [key, size] of [
    ['visual.ln_pre', width],
    ['visual.ln_post', width],
    ['ln_final', text.width],
  ] as const)
    all.push([`${key}.weight`, [size]], [`${key}.bias`, [size]]);
  for (const [prefix, size, blocks] of [
    ['visual.transformer', width, layers],
    ['transformer', text.width, 12],
  ] as const)
    for (let i = 0; i < blocks; i++)
      for (const [key, { dims }] of tinyClip('patch'))
        if (key.startsWith(`transformer.resblocks.0.`))
          all.push([key.replace('transformer.resblocks.0', `${prefix}.resblocks.${i}`), dims.map((n) => (n * size) / 64)]);
  return new Map(all.map(([key, dims]) => [key, { dims }]));
}

function failure(map: Shapes): AppError {
  try {
    inferArchitecture(map);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(AppError);
    return thrown as AppError;
  }
  throw new Error('It was read.');
}

describe('sizes from shapes', () => {
  it.each(VITS)('are those of %s', (_, sizes) => {
    const { vision, text } = inferArchitecture(vit(sizes));
    const { width, layers, heads, embed, side, patch, parameters } = sizes;
    const grid = [side / patch, side / patch];
    expect(vision).toMatchObject({ stem: 'patch', side, channels: 3, grid, width, layers, heads, embed, parameters });
    expect(text).toMatchObject({ ...sizes.text, layers: 12, vocabulary: 49408, context: 77, embed });
  });

  it('leave out a text tower that is not there', () => {
    const map = shapes();
    for (const key of [...map.keys()]) if (!key.startsWith('visual.')) map.delete(key);
    expect(inferArchitecture(map).text).toBeUndefined();
  });

  it('read a convolutional stem: what changes the width halves the side, what keeps it is residual', () => {
    const { vision } = inferArchitecture(shapes('stem'));
    expect(vision).toMatchObject({ stem: 'stem', channels: 1, side: 32 });
    const read = vision.convolutions.map(({ stride, padding, activation, adds }) => [stride, padding[0], activation, adds]);
    expect(read).toEqual([
      [2, 1, 'relu', undefined],
      [1, 1, 'relu', 1],
      [2, 1, 'relu', undefined],
      [1, 0, 'relu', 3],
      [2, 0, 'none', undefined],
    ]);
  });

  it('read a stem of inverted residual blocks: one that expands and changes the width halves the side', () => {
    const { vision } = inferArchitecture(shapes('mobile'));
    expect(vision).toMatchObject({ stem: 'mobile', channels: 1, side: 32, width: 64 });
    const read = vision.convolutions.map(({ weight, stride, padding, depthwise, activation, adds }) => [
      weight.slice('visual.stem.'.length, -'.weight'.length),
      stride,
      padding.join(),
      depthwise ? 'depthwise' : 'dense',
      activation,
      adds,
    ]);
    expect(read).toEqual([
      ['conv', 2, '0,1', 'dense', 'relu6', undefined],
      ['blocks.0.depthwise', 1, '1,1', 'depthwise', 'relu6', undefined],
      ['blocks.0.project', 1, '0,0', 'dense', 'none', 1],
      ['blocks.1.expand', 1, '0,0', 'dense', 'relu6', undefined],
      ['blocks.1.depthwise', 1, '1,1', 'depthwise', 'relu6', undefined],
      ['blocks.1.project', 1, '0,0', 'dense', 'none', 3],
      ['blocks.2.expand', 1, '0,0', 'dense', 'relu6', undefined],
      ['blocks.2.depthwise', 2, '1,2', 'depthwise', 'relu6', undefined],
      ['blocks.2.project', 1, '0,0', 'dense', 'none', undefined],
      ['patch', 2, '0,0', 'dense', 'relu', undefined],
      ['mix', 1, '0,0', 'dense', 'none', undefined],
    ]);
  });
});

describe('what does not fit is named', () => {
  it('a ResNet tower, by the first key that only it has', () => {
    const keys = [
      'conv1.weight',
      'bn1.weight',
      'layer1.0.conv1.weight',
      'attnpool.positional_embedding',
      'attnpool.q_proj.weight',
    ];
    const resNet = (names: readonly string[]): Shapes => new Map(names.map((key) => [`visual.${key}`, { dims: [64, 64] }]));
    expect(failure(resNet(keys))).toMatchObject({
      code: 'CHECKPOINT_UNSUPPORTED',
      message: expect.stringContaining('ResNet') as string,
      detail: { key: 'visual.layer1.0.conv1.weight' },
    });
    expect(failure(resNet(keys.slice(3)))).toMatchObject({ detail: { key: 'visual.attnpool.positional_embedding' } });
  });

  it.each(STEMS)('every missing tensor of a CLIP with a %s', (stem) => {
    for (const key of shapes(stem).keys()) {
      const map = shapes(stem);
      map.delete(key);
      const error = failure(map);
      expect(error.code).toBe('CHECKPOINT_MISSING_KEY');
      // Without its first layer a stem looks like a CLIP without conv1.
      const first = key === 'visual.stem.0.weight' || key === 'visual.stem.conv.weight';
      expect(error.detail['key']).toBe(first ? 'visual.conv1.weight' : key);
    }
  });

  it.each(STEMS)('every tensor of another rank in a CLIP with a %s', (stem) => {
    for (const [key, { dims }] of shapes(stem)) {
      const map = shapes(stem);
      map.set(key, { dims: [...dims, 2] });
      expect(failure(map)).toMatchObject({ code: 'CHECKPOINT_INVALID', detail: { key } });
    }
  });

  it.each([
    ['visual.positional_embedding', [16, 64]],
    ['visual.positional_embedding', [1, 64]],
    ['visual.positional_embedding', [1_000_001, 64]],
    ['visual.conv1.weight', [64, 4, 8, 8]],
    ['visual.conv1.weight', [64, 3, 8, 9]],
    ['visual.conv1.weight', [0, 3, 8, 8]],
    ['text_projection', [64, 33]],
    ['visual.proj', [64, 100_000]],
    ['positional_embedding', [1_000_000, 64]],
  ])('%s of shape %s', (key, dims) => {
    const map = shapes();
    map.set(key, { dims });
    expect(failure(map)).toMatchObject({ code: 'CHECKPOINT_INVALID', detail: { key } });
  });

  it('a stem layer with a kernel that would lose pixels', () => {
    const map = shapes('stem');
    map.set('visual.stem.1.weight', { dims: [8, 8, 2, 2] });
    expect(failure(map)).toMatchObject({ code: 'CHECKPOINT_INVALID', detail: { key: 'visual.stem.1.weight' } });
  });

  it('a gap between blocks', () => {
    const map = shapes();
    map.set('visual.transformer.resblocks.3.ln_1.weight', { dims: [64] });
    expect(failure(map)).toMatchObject({
      code: 'CHECKPOINT_MISSING_KEY',
      detail: { key: 'visual.transformer.resblocks.2.ln_1.weight' },
    });
  });

  it('a number of blocks that nobody has', () => {
    const map = shapes();
    map.set('visual.transformer.resblocks.99999.ln_1.weight', { dims: [64] });
    expect(failure(map)).toMatchObject({ code: 'CHECKPOINT_INVALID' });
  });
});
