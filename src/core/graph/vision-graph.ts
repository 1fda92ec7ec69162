import type { VisionArchitecture } from '../clip/architecture.js';
import type { StemLayer } from '../clip/stem.js';
import type { StateDict } from '../torch/tensor.js';
import { writeBothFaces, writeSpread } from './image-prompt.js';
import { writeFeatures } from './features.js';
import { GraphWriter, type BuiltGraph, type GraphOptions, type Value } from './graph-writer.js';
import { writeSummary } from './summary.js';
import { TowerWeights } from './tower-weights.js';
import { TransformerWriter } from './transformer.js';

/** What masked patches show: what was learned for them, or the mean patch of the same film. */
export type Masking = 'learned' | 'mean';

/**
 * CLIP's vision tower with PPAD's image prompt (ppad.md section 4) as ONNX.
 *
 * Inputs, float32: `pixels` `[1, channels, side, side]`, normalised; `patch_mask` `[R, N, 1]`, 1 where a patch belongs to the
 * position and 0 elsewhere, nothing between; `mask_embedding` `[1, N, W]`. Output: `features` `[R, E]` of length one. R is free;
 * N, W, E are the grid's patches, the width and the embedding. With `summary`, also the output of `writeSummary`, which costs nothing
 * that can be measured.
 *
 * With `masking` `mean`, for a CLIP without learned prompts, the mean of the film's own patches is added to `mask_embedding`, which
 * is zero then: plain masking, behind the same inputs.
 *
 * @throws AppError `CHECKPOINT_MISSING_KEY` if `tensors` lacks what `architecture` says it has.
 */
export function buildVisionGraph(
  architecture: VisionArchitecture,
  tensors: StateDict,
  options: GraphOptions & { readonly masking?: Masking; readonly summary?: boolean },
): BuiltGraph {
  const { width, layers, embed, side, channels, grid } = architecture;
  const patches = grid[0] * grid[1];
  const graph = new GraphWriter('clip-vision', options);
  const weights = new TowerWeights(tensors);
  const transformer = new TransformerWriter(graph, weights, architecture);
  const pixels = graph.input('pixels', [1, channels, side, side]);
  const patchMask = graph.input('patch_mask', ['positions', patches, 1]);
  const maskEmbedding = graph.input('mask_embedding', [1, patches, width]);

  const image = writeTokens(graph, weights, architecture, pixels);
  const masked = options.masking === 'mean' ? writeMeanMask(graph, image, maskEmbedding) : maskEmbedding;
  const tokens = writeBothFaces(graph, weights, transformer, image, masked, architecture);
  const spread = writeSpread(graph, patchMask, architecture);
  let x = layers > 1 ? transformer.firstBlock(tokens, spread) : spread('input', tokens);
  for (let i = 1; i < layers - 1; i++) x = transformer.block(i, x);
  const first = graph.ints('class.index', [0]);
  const next = graph.ints('class.next', [1]);
  const axis = graph.ints('class.axis', [1]);
  const select = (name: string, tokens: Value): Value => graph.node('Slice', `class.${name}`, [tokens, first, next, axis]);
  x = transformer.lastBlock(layers - 1, x, select);

  const flat = graph.node('Reshape', 'class.flat', [x, graph.ints('shape.flat', [-1, width])]);
  const normed = transformer.norm('visual.ln_post', flat);
  const proj = graph.weight('visual.proj', [width, embed], () => weights.read('visual.proj'));
  writeFeatures(graph, graph.node('MatMul', 'projected', [normed, proj]), ['positions', embed]);
  if (options.summary === true) writeSummary(graph, { image, patchMask, classTokens: normed }, architecture);
  return graph.finish();
}

/** `[1, N, W]`: each row of `maskEmbedding` plus the mean over the patches of `image`. */
function writeMeanMask(graph: GraphWriter, image: Value, maskEmbedding: Value): Value {
  const mean = graph.node('ReduceMean', 'patches.mean', [image], { axes: [1], keepdims: 1 });
  return graph.node('Add', 'mask.mean', [maskEmbedding, mean]);
}

/** Pixels to patches, `[1, N, W]`. */
function writeTokens(graph: GraphWriter, weights: TowerWeights, architecture: VisionArchitecture, pixels: Value): Value {
  const inputs = [pixels];
  architecture.convolutions.forEach((layer, i) => {
    const y = writeConvolution(graph, weights, layer, `stem.${i}`, inputs[i]!);
    inputs.push(layer.adds === undefined ? y : graph.node('Add', `stem.${i}.sum`, [inputs[layer.adds]!, y]));
  });
  const { width, grid } = architecture;
  const rows = graph.node('Reshape', 'patches.columns', [
    inputs.at(-1)!,
    graph.ints('shape.columns', [1, width, grid[0] * grid[1]]),
  ]);
  return graph.node('Transpose', 'patches', [rows], { perm: [0, 2, 1] });
}

function writeConvolution(graph: GraphWriter, weights: TowerWeights, layer: StemLayer, name: string, x: Value): Value {
  const { kernel, stride, padding, bias, input, output, depthwise } = layer;
  const inputs = [
    x,
    graph.weight(layer.weight, [output, depthwise ? 1 : input, kernel, kernel], () => weights.read(layer.weight)),
  ];
  if (bias !== undefined) inputs.push(graph.weight(bias, [output], () => weights.read(bias)));
  const y = graph.node('Conv', `${name}.conv`, inputs, {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [padding[0], padding[0], padding[1], padding[1]],
    group: depthwise ? output : 1,
  });
  if (layer.activation === 'none') return y;
  if (layer.activation === 'relu') return graph.node('Relu', `${name}.relu`, [y]);
  const bounds = [0, 6].map((bound) => graph.floats(`${name}.bound.${bound}`, [], Float32Array.of(bound)));
  return graph.node('Clip', `${name}.relu6`, [y, ...bounds]);
}
