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

/** The tiny CLIP of the golden file: side 32, 4 x 4 patches, width 64, two blocks a tower, with either stem. */
export function tinyClip(stem: 'patch' | 'stem'): Map<string, NamedTensor> {
  const convolutions: [string, number[]][] =
    stem === 'patch'
      ? [['visual.conv1.weight', [64, 3, 8, 8]]]
      : STEM_SHAPES.flatMap(([outputs, inputs, kernel], i): [string, number[]][] => [
          [`visual.stem.${i}.weight`, [outputs, inputs, kernel, kernel]],
          [`visual.stem.${i}.bias`, [outputs]],
        ]);
  const shapes: [string, number[]][] = [
    ...convolutions,
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
