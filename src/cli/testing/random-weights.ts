import type { DenseTensor } from '../../core/pack/prompt-set.js';

/** Tensors of random weights by name, drawn in the order in which they are added. */
export class RandomWeights {
  readonly tensors = new Map<string, DenseTensor>();

  /** @param random normally distributed numbers @param prefix before every name */
  constructor(
    private readonly random: () => number,
    private readonly prefix = '',
  ) {}

  add(name: string, dims: readonly number[], scale: number, offset = 0): void {
    const count = dims.reduce((product, dim) => product * dim, 1);
    const data = Float32Array.from({ length: count }, () => offset + scale * this.random());
    this.tensors.set(this.prefix + name, { dims, data });
  }

  /** A layer norm's weight and bias. */
  norm(name: string, width: number): void {
    this.add(`${name}.weight`, [width], 0.1, 1);
    this.add(`${name}.bias`, [width], 0.1);
  }

  /** A transformer's blocks, by OpenAI's names. */
  blocks(layers: number, width: number): void {
    for (let i = 0; i < layers; i++) {
      const block = `transformer.resblocks.${i}`;
      this.norm(`${block}.ln_1`, width);
      this.add(`${block}.attn.in_proj_weight`, [3 * width, width], width ** -0.5);
      this.add(`${block}.attn.in_proj_bias`, [3 * width], 0.1);
      this.add(`${block}.attn.out_proj.weight`, [width, width], width ** -0.5);
      this.add(`${block}.attn.out_proj.bias`, [width], 0.1);
      this.norm(`${block}.ln_2`, width);
      this.add(`${block}.mlp.c_fc.weight`, [4 * width, width], width ** -0.5);
      this.add(`${block}.mlp.c_fc.bias`, [4 * width], 0.1);
      this.add(`${block}.mlp.c_proj.weight`, [width, 4 * width], (4 * width) ** -0.5);
      this.add(`${block}.mlp.c_proj.bias`, [width], 0.1);
    }
  }
}
