import { AppError } from '../errors.js';
import { shapeReader, type ShapeReader, type Shapes } from './shape-reader.js';
import { readMobileStem } from './mobile-stem.js';
import { readStem, type StemLayer } from './stem.js';

/** A stack of CLIP's pre-norm blocks. `heads = width / 64` in every CLIP of OpenAI's lineage; the checkpoint does not say. */
export interface TransformerShape {
  /** Where the blocks' tensors live: `visual.transformer` or `transformer`. */
  readonly prefix: string;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
}

export interface VisionArchitecture extends TransformerShape {
  /** `patch`: CLIP's one convolution; `stem`: plain convolutions; `mobile`: inverted residual blocks. */
  readonly stem: 'patch' | 'stem' | 'mobile';
  /** The stem's convolutions in order; for `patch` the one convolution, without bias. */
  readonly convolutions: readonly StemLayer[];
  readonly channels: 1 | 3;
  /** Pixels of a side of the square input. */
  readonly side: number;
  /** Patches of a column and of a row; always square. */
  readonly grid: readonly [number, number];
  readonly embed: number;
  /** Numbers in the tower. */
  readonly parameters: number;
}

export interface TextArchitecture extends TransformerShape {
  readonly vocabulary: number;
  readonly context: number;
  readonly embed: number;
}

export interface ClipArchitecture {
  readonly vision: VisionArchitecture;
  readonly text: TextArchitecture | undefined;
}

const HEAD_WIDTH = 64;
/** Far above any CLIP; bounds what a stranger's file can make us plan for. */
const MAX_WIDTH = 8192;
const MAX_LAYERS = 128;
const MAX_SIDE = 4096;

/**
 * All sizes of a CLIP from the names and shapes of its tensors (OpenAI's names; ViT towers only). Surplus keys are ignored.
 *
 * @param shapes the state dict, or any map from name to `{ dims }`.
 * @throws AppError `CHECKPOINT_UNSUPPORTED` for a ResNet tower, `CHECKPOINT_MISSING_KEY` and `CHECKPOINT_INVALID` naming the tensor.
 */
export function inferArchitecture(shapes: Shapes): ClipArchitecture {
  const reader = shapeReader(shapes);
  if (reader.has('visual.layer1.0.conv1.weight') || reader.has('visual.attnpool.positional_embedding'))
    throw new AppError(
      'CHECKPOINT_UNSUPPORTED',
      'The checkpoint is a CLIP with a ResNet image tower; only ViT towers are read.',
      {
        key: reader.has('visual.layer1.0.conv1.weight') ? 'visual.layer1.0.conv1.weight' : 'visual.attnpool.positional_embedding',
      },
    );
  const vision = inferVision(reader);
  return { vision, text: hasText(reader) ? inferText(reader, vision.embed) : undefined };
}

function inferVision(reader: ShapeReader): VisionArchitecture {
  const [stem, convolutions] = readConvolutions(reader);
  const channels = convolutions[0]?.input ?? 0;
  const width = convolutions.at(-1)?.output ?? 0;
  const tokens = reader.dims('visual.positional_embedding', [-1, width])[0] ?? 0;
  const rows = Math.round(Math.sqrt(tokens - 1));
  if (rows < 1 || rows * rows !== tokens - 1)
    reader.invalid('visual.positional_embedding', `has ${tokens} rows, which is not a square of patches and one class token`);
  const side = convolutions.reduce((size, layer) => size * layer.stride, rows);
  if (side > MAX_SIDE) reader.invalid('visual.positional_embedding', `means a side of ${side} pixels, more than ${MAX_SIDE}`);
  if (channels !== 1 && channels !== 3)
    return reader.invalid(convolutions[0]?.weight ?? 'visual.conv1.weight', `takes ${channels} channels, not 1 or 3`);

  reader.dims('visual.class_embedding', [width]);
  readNorm(reader, 'visual.ln_pre', width);
  const blocks = readBlocks(reader, 'visual.transformer', width);
  readNorm(reader, 'visual.ln_post', width);
  const embed = reader.dims('visual.proj', [width, -1])[1] ?? 0;
  checkWidth(reader, 'visual.proj', embed);
  // The vision tower is the first to be read, so nothing else has been taken yet.
  const parameters = [...reader.taken.values()].reduce((sum, size) => sum + size, 0);
  return { ...blocks, stem, convolutions, channels, side, grid: [rows, rows], embed, parameters };
}

function readConvolutions(reader: ShapeReader): [VisionArchitecture['stem'], readonly StemLayer[]] {
  if (reader.has('visual.stem.conv.weight')) return ['mobile', readMobileStem(reader)];
  if (reader.has('visual.stem.0.weight')) return ['stem', readStem(reader)];
  return ['patch', [readPatch(reader)]];
}

function readPatch(reader: ShapeReader): StemLayer {
  const key = 'visual.conv1.weight';
  const [output = 0, input = 0, kernel = 0, columns = 0] = reader.dims(key, [-1, -1, -1, -1]);
  if (kernel !== columns) reader.invalid(key, `has patches of ${kernel} x ${columns} pixels; only square ones are read`);
  checkWidth(reader, key, output);
  const shape = { input, output, kernel, stride: kernel, padding: [0, 0] as const, depthwise: false };
  return { weight: key, bias: undefined, ...shape, activation: 'none', adds: undefined };
}

const TEXT_KEYS = ['token_embedding.weight', 'positional_embedding', 'ln_final.weight', 'ln_final.bias', 'text_projection'];

function hasText(reader: ShapeReader): boolean {
  return TEXT_KEYS.some((key) => reader.has(key)) || reader.has('transformer.resblocks.0.ln_1.weight');
}

function inferText(reader: ShapeReader, embed: number): TextArchitecture {
  const [vocabulary = 0, width = 0] = reader.dims('token_embedding.weight', [-1, -1]);
  checkWidth(reader, 'token_embedding.weight', width);
  const context = reader.dims('positional_embedding', [-1, width])[0] ?? 0;
  if (context > 4096) reader.invalid('positional_embedding', `has a context of ${context} tokens, more than 4096`);
  const blocks = readBlocks(reader, 'transformer', width);
  readNorm(reader, 'ln_final', width);
  reader.dims('text_projection', [width, embed]);
  reader.dims('logit_scale', []);
  return { ...blocks, vocabulary, context, embed };
}

function checkWidth(reader: ShapeReader, key: string, width: number): void {
  if (width < 1 || width > MAX_WIDTH) reader.invalid(key, `has a width of ${width}, not 1 to ${MAX_WIDTH}`);
}

function readNorm(reader: ShapeReader, prefix: string, width: number): void {
  reader.dims(`${prefix}.weight`, [width]);
  reader.dims(`${prefix}.bias`, [width]);
}

function readBlocks(reader: ShapeReader, prefix: string, width: number): TransformerShape {
  const layers = reader.count(`${prefix}.resblocks.`);
  const first = `${prefix}.resblocks.0.attn.in_proj_weight`;
  if (layers > MAX_LAYERS) reader.invalid(first, `belongs to one of ${layers} blocks, more than ${MAX_LAYERS}`);
  if (width % HEAD_WIDTH !== 0) reader.invalid(first, `is of width ${width}, not a multiple of the ${HEAD_WIDTH} of one head`);
  // At least block 0 is asked for, so that a tower without blocks names the key that is missing.
  for (let i = 0; i < Math.max(layers, 1); i++) {
    const block = `${prefix}.resblocks.${i}`;
    readNorm(reader, `${block}.ln_1`, width);
    reader.dims(`${block}.attn.in_proj_weight`, [3 * width, width]);
    reader.dims(`${block}.attn.in_proj_bias`, [3 * width]);
    reader.dims(`${block}.attn.out_proj.weight`, [width, width]);
    reader.dims(`${block}.attn.out_proj.bias`, [width]);
    readNorm(reader, `${block}.ln_2`, width);
    reader.dims(`${block}.mlp.c_fc.weight`, [4 * width, width]);
    reader.dims(`${block}.mlp.c_fc.bias`, [4 * width]);
    reader.dims(`${block}.mlp.c_proj.weight`, [width, 4 * width]);
    reader.dims(`${block}.mlp.c_proj.bias`, [width]);
  }
  return { prefix, width, layers, heads: width / HEAD_WIDTH };
}
