import type { Shapes } from './shape-reader.js';

/** The sizes that decide a ViT tower with CLIP's one patch convolution. */
export interface VitSizes {
  readonly side: number;
  readonly channels: number;
  readonly grid: readonly [number, number];
  readonly width: number;
  readonly layers: number;
  readonly embed: number;
}

/** OpenAI's names and shapes of such a tower: what `inferArchitecture` was given when it found these sizes. */
export function vitShapes({ side, channels, grid, width, layers, embed }: VitSizes): Shapes {
  const patch = side / grid[0];
  const shapes: [string, number[]][] = [
    ['visual.conv1.weight', [width, channels, patch, patch]],
    ['visual.class_embedding', [width]],
    ['visual.positional_embedding', [grid[0] * grid[1] + 1, width]],
    ['visual.proj', [width, embed]],
  ];
  const norms = ['visual.ln_pre', 'visual.ln_post'];
  for (let i = 0; i < layers; i++) {
    const block = `visual.transformer.resblocks.${i}`;
    norms.push(`${block}.ln_1`, `${block}.ln_2`);
    shapes.push(
      [`${block}.attn.in_proj_weight`, [3 * width, width]],
      [`${block}.attn.in_proj_bias`, [3 * width]],
      [`${block}.attn.out_proj.weight`, [width, width]],
      [`${block}.attn.out_proj.bias`, [width]],
      [`${block}.mlp.c_fc.weight`, [4 * width, width]],
      [`${block}.mlp.c_fc.bias`, [4 * width]],
      [`${block}.mlp.c_proj.weight`, [width, 4 * width]],
      [`${block}.mlp.c_proj.bias`, [width]],
    );
  }
  for (const norm of norms) shapes.push([`${norm}.weight`, [width]], [`${norm}.bias`, [width]]);
  return new Map(shapes.map(([key, dims]) => [key, { dims }]));
}
