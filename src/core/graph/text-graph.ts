import type { TextArchitecture } from '../clip/architecture.js';
import type { StateDict } from '../torch/tensor.js';
import { writeFeatures } from './features.js';
import { GraphWriter, type BuiltGraph, type GraphOptions, type Value } from './graph-writer.js';
import { TowerWeights } from './tower-weights.js';
import { TransformerWriter } from './transformer.js';
import { WeightLayout, type WeightFile } from './weight-file.js';

/** Added to the score of a later token: its share is exactly 0 in float32, and no backend has to get infinities right. */
const HIDDEN = -1e9;

/**
 * CLIP's text tower as ONNX (ppad.md section 5), token embeddings in and features out.
 *
 * Inputs, float32: `embedded` `[B, T, Wt]`, rows of the token table with the learned context put in; `end` `[B, T]`, 1 at the end
 * token and 0 elsewhere. Output: `features` `[B, E]` of length one. B is free, and so is T up to the context length: attention is
 * causal, so the padding behind the longest prompt may be left away without changing a feature.
 *
 * @throws AppError `CHECKPOINT_MISSING_KEY` if `tensors` lacks what `architecture` says it has.
 */
export function buildTextGraph(architecture: TextArchitecture, tensors: StateDict, options: GraphOptions): BuiltGraph {
  const { width, layers, embed, context } = architecture;
  const graph = new GraphWriter('clip-text', options);
  const weights = new TowerWeights(tensors);
  const transformer = new TransformerWriter(graph, weights, architecture);
  const embedded = graph.input('embedded', ['prompts', 'tokens', width]);
  const end = graph.input('end', ['prompts', 'tokens']);

  const length = graph.node('Shape', 'tokens', [embedded], { start: 1, end: 2 });
  const zero = graph.ints('zero', [0]);
  const one = graph.ints('one', [1]);
  const position = graph.weight('positional_embedding', [context, width], () => weights.read('positional_embedding'), {
    storage: 'float32',
  });
  const placed = graph.node('Slice', 'positions', [position, zero, length, zero]);
  const causal = graph.weight('causal', [context, context], () => Promise.resolve(causalMask(context)), { storage: 'float32' });
  const rows = graph.node('Slice', 'causal.rows', [causal, zero, length, zero]);
  const mask = graph.node('Slice', 'causal.mask', [rows, zero, length, one]);

  let x = graph.node('Add', 'placed', [embedded, placed]);
  for (let i = 0; i < layers - 1; i++) x = transformer.block(i, x, mask);
  const row = graph.node('Unsqueeze', 'end.row', [end, one]);
  const seen = graph.node('Unsqueeze', 'end.mask', [graph.node('MatMul', 'end.seen', [row, mask]), one]);
  // One 1 among zeros: the product picks the end token's row, exactly.
  const select = (name: string, tokens: Value): Value => graph.node('MatMul', `end.${name}`, [row, tokens]);
  x = transformer.lastBlock(layers - 1, x, select, seen);

  const flat = graph.node('Reshape', 'end.flat', [x, graph.ints('shape.flat', [-1, width])]);
  const projection = graph.weight('text_projection', [width, embed], () => weights.read('text_projection'));
  writeFeatures(graph, graph.node('MatMul', 'projected', [transformer.norm('ln_final', flat), projection]), ['prompts', embed]);
  return graph.finish();
}

function causalMask(context: number): Float32Array {
  const mask = new Float32Array(context * context);
  for (let row = 0; row < context; row++) mask.fill(HIDDEN, row * context + row + 1, (row + 1) * context);
  return mask;
}

/** The token table `[V, Wt]` as a file of its own, row by row: prompts are embedded before the graph runs. */
export function layOutTokenTable(
  { vocabulary, width }: TextArchitecture,
  tensors: StateDict,
  { storage, weightsPath }: GraphOptions,
): WeightFile {
  const layout = new WeightLayout();
  layout.add([vocabulary, width], storage, () => new TowerWeights(tensors).read('token_embedding.weight'));
  return layout.finish(weightsPath);
}
