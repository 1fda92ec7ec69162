import { sizeOf, type NamedTensor } from '../../torch/tensor.js';

/** Uniform in [-0.5, 0.5) in steps of 2^-24: mulberry32, its seed being FNV-1a of the name. The same as in fixtures/make_golden.py. */
export function draw(name: string, dims: readonly number[]): Float32Array {
  let state = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) state = Math.imul(state ^ byte, 0x01000193);
  return Float32Array.from({ length: sizeOf(dims) }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 8) / 2 ** 24 - 0.5;
  });
}

/** Drawn weights, LayerNorm weights around 1. */
function weight(name: string, dims: readonly number[]): NamedTensor {
  const centre = /(^|[._])ln_.*weight$/.test(name) ? 1 : 0;
  const read = () => Promise.resolve(draw(name, dims).map((value) => centre + value / 2));
  return { dtype: 'float32', dims, read };
}

function blockShapes(prefix: string, width: number, layers: number): [string, number[]][] {
  return Array.from({ length: layers }, (_, i) => `${prefix}.resblocks.${i}`).flatMap((key): [string, number[]][] => [
    [`${key}.ln_1.weight`, [width]],
    [`${key}.ln_1.bias`, [width]],
    [`${key}.attn.in_proj_weight`, [3 * width, width]],
    [`${key}.attn.in_proj_bias`, [3 * width]],
    [`${key}.attn.out_proj.weight`, [width, width]],
    [`${key}.attn.out_proj.bias`, [width]],
    [`${key}.ln_2.weight`, [width]],
    [`${key}.ln_2.bias`, [width]],
    [`${key}.mlp.c_fc.weight`, [4 * width, width]],
    [`${key}.mlp.c_fc.bias`, [4 * width]],
    [`${key}.mlp.c_proj.weight`, [width, 4 * width]],
    [`${key}.mlp.c_proj.bias`, [width]],
  ]);
}

const STEM_SHAPES = [
  [8, 1, 3],
  [8, 8, 3],
  [16, 8, 3],
  [16, 16, 1],
  [64, 16, 2],
] as const;

/** Inputs, outputs, kernel of each inverted residual block; the first has no expansion. */
const MOBILE_BLOCKS = [
  [8, 8, 3],
  [8, 8, 3],
  [8, 12, 5],
] as const;

function mobileShapes(): [string, number[]][] {
  const layers: [string, number[]][] = [['conv', [8, 1, 3, 3]]];
  MOBILE_BLOCKS.forEach(([inputs, outputs, kernel], i) => {
    const hidden = i > 0 ? 4 * inputs : inputs;
    if (i > 0) layers.push([`blocks.${i}.expand`, [hidden, inputs, 1, 1]]);
    layers.push([`blocks.${i}.depthwise`, [hidden, 1, kernel, kernel]], [`blocks.${i}.project`, [outputs, hidden, 1, 1]]);
  });
  layers.push(['patch', [24, 12, 2, 2]], ['mix', [64, 24, 1, 1]]);
  return layers.flatMap(([name, dims]): [string, number[]][] => [
    [`visual.stem.${name}.weight`, dims],
    [`visual.stem.${name}.bias`, dims.slice(0, 1)],
  ]);
}

/** The tiny CLIPs' stems. */
export type TinyStem = 'patch' | 'stem' | 'mobile';

function stemShapes(stem: TinyStem): [string, number[]][] {
  if (stem === 'patch') return [['visual.conv1.weight', [64, 3, 8, 8]]];
  if (stem === 'mobile') return mobileShapes();
  return STEM_SHAPES.flatMap(([outputs, inputs, kernel], i): [string, number[]][] => [
    [`visual.stem.${i}.weight`, [outputs, inputs, kernel, kernel]],
    [`visual.stem.${i}.bias`, [outputs]],
  ]);
}

/** The tiny CLIP of the golden file: side 32, 4 x 4 patches, width 64, two blocks a tower, with any stem. */
export function tinyClip(stem: TinyStem): Map<string, NamedTensor> {
  const shapes: [string, number[]][] = [
    ...stemShapes(stem),
    ['visual.class_embedding', [64]],
    ['visual.positional_embedding', [17, 64]],
    ['visual.ln_pre.weight', [64]],
    ['visual.ln_pre.bias', [64]],
    ...blockShapes('visual.transformer', 64, 2),
    ['visual.ln_post.weight', [64]],
    ['visual.ln_post.bias', [64]],
    ['visual.proj', [64, 32]],
    ['token_embedding.weight', [40, 64]],
    ['positional_embedding', [77, 64]],
    ...blockShapes('transformer', 64, 2),
    ['ln_final.weight', [64]],
    ['ln_final.bias', [64]],
    ['text_projection', [64, 32]],
    ['logit_scale', []],
  ];
  return new Map(shapes.map(([name, dims]) => [name, weight(name, dims)]));
}
