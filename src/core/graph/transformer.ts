import type { TransformerShape } from '../clip/architecture.js';
import type { GraphWriter, Value } from './graph-writer.js';
import type { TowerWeights } from './tower-weights.js';

/** CLIP's LayerNorms. */
const EPSILON = 1e-5;

/** Makes rows `[rows, tokens, width]` out of distinct tokens; the name is for the nodes. */
export type Spread = (name: string, distinct: Value) => Value;

const AS_IT_IS: Spread = (_, tokens) => tokens;

/** Writes the pieces of CLIP's transformer into a graph; tokens are `[rows, tokens, width]` throughout. */
export class TransformerWriter {
  readonly #graph: GraphWriter;
  readonly #weights: TowerWeights;
  readonly #shape: TransformerShape;

  constructor(graph: GraphWriter, weights: TowerWeights, shape: TransformerShape) {
    this.#graph = graph;
    this.#weights = weights;
    this.#shape = shape;
    // Shapes with 0 keep the dimension that is there: rows and tokens stay free.
    const { heads, width } = shape;
    this.#heads = graph.ints('shape.heads', [0, 0, heads, width / heads]);
    this.#merged = graph.ints('shape.merged', [0, 0, width]);
    this.#gain = graph.floats('quick_gelu', [], Float32Array.of(1.702));
  }

  readonly #heads: Value;
  readonly #merged: Value;
  readonly #gain: Value;

  /** LayerNorm over the width with the tensors `<key>.weight` and `<key>.bias`. */
  norm(name: string, x: Value, key = name): Value {
    const scale = this.#vector(`${key}.weight`);
    const bias = this.#vector(`${key}.bias`);
    return this.#graph.node('LayerNormalization', `${name}.out`, [x, scale, bias], { axis: -1, epsilon: { float: EPSILON } });
  }

  /** One block on all tokens, `mask` (broadcast to `[rows, heads, tokens, tokens]`) being added to the attention scores. */
  block(index: number, x: Value, mask?: Value): Value {
    const key = this.#key(index);
    const normed = this.norm(`${key}.ln_1`, x);
    return this.#rest(key, x, this.#queries(key, normed), this.#keysAndValues(key, normed), mask);
  }

  /**
   * Block 0 of rows that are put together from few distinct tokens: what the block does to each token alone is done to
   * `distinct`, then `spread` makes the rows. Exactly `block(0, spread('input', distinct))`, and 5 % of a small tower's time less.
   */
  firstBlock(distinct: Value, spread: Spread): Value {
    const key = this.#key(0);
    const normed = this.norm(`${key}.ln_1`, distinct);
    return this.#rest(
      key,
      spread('input', distinct),
      this.#queries(key, normed, spread),
      this.#keysAndValues(key, normed, spread),
    );
  }

  /**
   * The last block for the one token a row that is looked at afterwards: all tokens give keys and values, `select` picks the
   * token, `[rows, 1, width]`, that asks. Exactly the block's output at that token.
   */
  lastBlock(index: number, x: Value, select: (name: string, tokens: Value) => Value, mask?: Value): Value {
    const key = this.#key(index);
    const normed = this.norm(`${key}.ln_1`, x);
    const queries = this.#queries(key, select('query', normed));
    return this.#rest(key, select('token', x), queries, this.#keysAndValues(key, normed), mask);
  }

  #keysAndValues(key: string, normed: Value, spread = AS_IT_IS): { readonly keys: Value; readonly values: Value } {
    const { width } = this.#shape;
    const keys = spread('keys', this.#project(key, 'k', normed, width, 2 * width, 1));
    const values = spread('values', this.#project(key, 'v', normed, 2 * width, 3 * width, 1));
    return {
      keys: this.#split(`${key}.k.heads`, keys, [0, 2, 3, 1]),
      values: this.#split(`${key}.v.heads`, values, [0, 2, 1, 3]),
    };
  }

  /** Queries carry the 1/sqrt(head width) of the attention: an eighth, so that the weights stay exact. */
  #queries(key: string, normed: Value, spread = AS_IT_IS): Value {
    const { width, heads } = this.#shape;
    const queries = spread('queries', this.#project(key, 'q', normed, 0, width, 1 / Math.sqrt(width / heads)));
    return this.#split(`${key}.q.heads`, queries, [0, 2, 1, 3]);
  }

  #rest(key: string, x: Value, queries: Value, { keys, values }: { keys: Value; values: Value }, mask?: Value): Value {
    const { width } = this.#shape;
    const graph = this.#graph;
    const scores = graph.node('MatMul', `${key}.scores`, [queries, keys]);
    const masked = mask ? graph.node('Add', `${key}.masked`, [scores, mask]) : scores;
    const attention = graph.node('Softmax', `${key}.attention`, [masked], { axis: -1 });
    const mixed = graph.node('MatMul', `${key}.mixed`, [attention, values]);
    const rows = graph.node('Transpose', `${key}.mixed.rows`, [mixed], { perm: [0, 2, 1, 3] });
    const merged = graph.node('Reshape', `${key}.mixed.merged`, [rows, this.#merged]);
    const attended = graph.node('Add', `${key}.attn.sum`, [x, this.#linear(`${key}.attn.out_proj`, merged, width, width)]);
    const wide = this.#linear(`${key}.mlp.c_fc`, this.norm(`${key}.ln_2`, attended), width, 4 * width);
    const bent = this.#quickGelu(`${key}.mlp`, wide);
    return graph.node('Add', `${key}.out`, [attended, this.#linear(`${key}.mlp.c_proj`, bent, 4 * width, width)]);
  }

  /** `x * sigmoid(1.702 x)`, which onnxruntime fuses by itself. */
  #quickGelu(name: string, x: Value): Value {
    const scaled = this.#graph.node('Mul', `${name}.scaled`, [x, this.#gain]);
    const gate = this.#graph.node('Sigmoid', `${name}.gate`, [scaled]);
    return this.#graph.node('Mul', `${name}.gelu`, [x, gate]);
  }

  #split(name: string, x: Value, perm: readonly number[]): Value {
    const heads = this.#graph.node('Reshape', `${name}.split`, [x, this.#heads]);
    return this.#graph.node('Transpose', name, [heads], { perm });
  }

  /** Rows `[from, to)` of the packed query, key and value projection. */
  #project(key: string, part: 'q' | 'k' | 'v', x: Value, from: number, to: number, scale: number): Value {
    const { width } = this.#shape;
    const weight = this.#graph.weight(`${key}.attn.${part}.weight`, [width, to - from], () =>
      this.#weights.transposed(`${key}.attn.in_proj_weight`, from, to, scale),
    );
    const bias = this.#graph.weight(`${key}.attn.${part}.bias`, [to - from], async () =>
      (await this.#weights.rows(`${key}.attn.in_proj_bias`, from, to)).map((value) => value * scale),
    );
    return this.#affine(`${key}.attn.${part}`, x, weight, bias);
  }

  #linear(key: string, x: Value, inputs: number, outputs: number): Value {
    const weight = this.#graph.weight(`${key}.weight`, [inputs, outputs], () => this.#weights.transposed(`${key}.weight`));
    return this.#affine(key, x, weight, this.#vector(`${key}.bias`));
  }

  #affine(name: string, x: Value, weight: Value, bias: Value): Value {
    return this.#graph.node('Add', `${name}.out`, [this.#graph.node('MatMul', `${name}.product`, [x, weight]), bias]);
  }

  #vector(key: string): Value {
    return this.#graph.weight(key, this.#weights.dims(key), () => this.#weights.read(key));
  }

  #key(index: number): string {
    return `${this.#shape.prefix}.resblocks.${index}`;
  }
}
