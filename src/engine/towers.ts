import type { ClipArchitecture, TextArchitecture } from '../core/clip/architecture.js';
import { AppError } from '../core/errors.js';
import { buildTextGraph, layOutTokenTable } from '../core/graph/text-graph.js';
import { buildVisionGraph, type Masking } from '../core/graph/vision-graph.js';
import { collectWeights, type Storage } from '../core/graph/weight-file.js';
import type { Manifest } from '../core/pack/manifest.js';
import type { TokenTable } from '../core/ppad/text-inputs.js';
import type { StateDict } from '../core/torch/tensor.js';
import type { PackWriter } from './pack-writer.js';
import type { Graph } from './ports.js';
import { describeVision, writeVisionTower, type WrittenTower } from './write-pack.js';

export type TextTowerSizes = NonNullable<Manifest['textTower']>;
export type TextFiles = Pick<Manifest['files'], 'text' | 'textWeights' | 'tokenTable' | 'tokenizer'>;

/** A text tower, in a checkpoint or in a pack. */
export interface TextSource {
  readonly sizes: TextTowerSizes;
  /** The token table whole, `[V, Wt]`: 101 MB of a full-size CLIP, to be dropped soon. */
  table(): Promise<TokenTable>;
  /** The text graph, its weights in memory. */
  graph(): Promise<Graph>;
  /** Writes the tower's files; `graph` is what `graph()` gave. */
  keep(writer: PackWriter, graph: Graph): Promise<TextFiles>;
}

/** Both towers of a CLIP, in a checkpoint or in a pack: what prompts are put together with. */
export interface Towers {
  readonly architecture: Manifest['architecture'];
  readonly text: TextSource;
  /** Bytes of the files that are written. */
  readonly bytes: { readonly vision: number; readonly text: number };
  logitScale(): Promise<number>;
  writeVision(writer: PackWriter, masking: Masking): Promise<WrittenTower>;
}

/**
 * The towers of a checkpoint, to be stored as `storage`.
 *
 * @throws AppError `CHECKPOINT_MISSING_KEY` without a text tower, which prompts need.
 */
export function checkpointTowers({ vision, text }: ClipArchitecture, clip: StateDict, storage: Storage): Towers {
  if (!text) {
    const key = 'token_embedding.weight';
    throw new AppError('CHECKPOINT_MISSING_KEY', `The checkpoint has no ${key}: prompts need the text tower.`, { key });
  }
  const textGraph = buildTextGraph(text, clip, { storage, weightsPath: 'text.bin' });
  const table = layOutTokenTable(text, clip, { storage, weightsPath: 'tokens.bin' });
  return {
    architecture: describeVision(vision),
    bytes: {
      vision: buildVisionGraph(vision, clip, { storage, weightsPath: 'vision.bin' }).weights.byteLength,
      text: textGraph.weights.byteLength + table.byteLength,
    },
    logitScale: () => readLogitScale(clip),
    writeVision: (writer, masking) => writeVisionTower(writer, vision, clip, { storage, masking }),
    text: {
      sizes: describeText(text),
      table: async () => {
        const tensor = clip.get('token_embedding.weight')!;
        return { width: text.width, dtype: tensor.dtype, values: await tensor.read() };
      },
      graph: async () => ({
        model: textGraph.model,
        external: [{ path: 'text.bin', data: await collectWeights(textGraph.weights) }],
      }),
      keep: async (writer, { model, external }) => ({
        text: await writer.bytes('text.onnx', model),
        textWeights: await writer.bytes('text.bin', external[0]!.data),
        tokenTable: await writer.weights(table),
      }),
    },
  };
}

/** What a manifest says of a text tower. */
export function describeText({ width, layers, heads, vocabulary, context }: TextArchitecture): TextTowerSizes {
  return { width, layers, heads, vocabulary, context };
}

/**
 * The factor on the cosine, `exp(logit_scale)`.
 *
 * @throws AppError `CHECKPOINT_MISSING_KEY`.
 */
export async function readLogitScale(tensors: StateDict): Promise<number> {
  const key = 'logit_scale';
  const value = (await tensors.get(key)?.read())?.[0];
  if (value === undefined) throw new AppError('CHECKPOINT_MISSING_KEY', `The checkpoint has no ${key}.`, { key });
  return Math.exp(value);
}
