import type { VisionArchitecture } from '../clip/architecture.js';
import type { GraphWriter, Value } from './graph-writer.js';
import type { TowerWeights } from './tower-weights.js';
import type { Spread, TransformerWriter } from './transformer.js';

/**
 * The class token and every patch with both of its faces, the film's own and the mask's: `[2, N + 1, W]`, positional embedding
 * added, ln_pre done. PPAD's `x * m + mask_embedding * (1 - m)` with m of 0 and 1 is a choice between the two, so all that is done
 * to single tokens can be done before it, once instead of once a position.
 *
 * @param image patches `[1, N, W]`
 * @param maskEmbedding `[1, N, W]`
 */
export function writeBothFaces(
  graph: GraphWriter,
  weights: TowerWeights,
  transformer: TransformerWriter,
  image: Value,
  maskEmbedding: Value,
  { width, grid }: VisionArchitecture,
): Value {
  const stored = { storage: 'float32' } as const;
  const read = (key: string, dims: readonly number[]): Value => graph.weight(key, dims, () => weights.read(key), stored);
  const token = read('visual.class_embedding', [1, 1, width]);
  const classTokens = graph.node('Concat', 'class.both', [token, token], { axis: 0 });
  const patches = graph.node('Concat', 'patches.both', [image, maskEmbedding], { axis: 0 });
  const tokens = graph.node('Concat', 'tokens', [classTokens, patches], { axis: 1 });
  const positions = read('visual.positional_embedding', [1, grid[0] * grid[1] + 1, width]);
  return transformer.norm('visual.ln_pre', graph.node('Add', 'tokens.placed', [tokens, positions]));
}

/** Chooses a face for every token by `patch_mask` `[R, N, 1]`: `[2, N + 1, W]` becomes `[R, N + 1, W]`. */
export function writeSpread(graph: GraphWriter, patchMask: Value, { width, grid }: VisionArchitecture): Spread {
  const patches = grid[0] * grid[1];
  const tokens = patches + 1;
  const mask = graph.node('Reshape', 'mask.rows', [patchMask, graph.ints('shape.mask', [-1, patches])]);
  // The class token is never masked: a column of ones in front.
  const padding = [graph.ints('mask.padding', [0, 1, 0, 0]), graph.floats('mask.class', [], Float32Array.of(1))];
  const kept = graph.toBool('mask.kept', graph.node('Pad', 'mask.tokens', [mask, ...padding]));
  const own = Array.from({ length: tokens }, (_, i) => i);
  const chosen = graph.node('Where', 'mask.chosen', [
    kept,
    graph.indices('faces.film', own),
    graph.indices(
      'faces.mask',
      own.map((i) => tokens + i),
    ),
  ]);
  const flat = graph.ints('shape.faces', [-1, width]);
  return (name, distinct) => {
    const rows = graph.node('Reshape', `faces.${name}`, [distinct, flat]);
    return graph.node('Gather', `spread.${name}`, [rows, chosen], { axis: 0 });
  };
}
