import { inferArchitecture, type ClipArchitecture } from '../core/clip/architecture.js';
import { findTokens, readClassWords } from '../core/clip/class-words.js';
import type { ClipTokenizer } from '../core/clip/tokenizer.js';
import { buildTextGraph, layOutTokenTable } from '../core/graph/text-graph.js';
import { buildVisionGraph } from '../core/graph/vision-graph.js';
import type { Storage } from '../core/graph/weight-file.js';
import type { Manifest } from '../core/pack/manifest.js';
import type { TokenTable } from '../core/ppad/text-inputs.js';
import { openCheckpoint, type Checkpoint } from '../core/torch/open-checkpoint.js';
import { recognise, type PromptTensors, type Recognised } from '../core/torch/recognise.js';
import type { ByteSource, DType, StateDict } from '../core/torch/tensor.js';
import type { Classes } from './model.js';
import { checkpointTowers, describeText } from './towers.js';
import { describeVision } from './write-pack.js';

/** A checkpoint where it lies; `name` is what people call the file. */
export interface CheckpointFile {
  readonly name: string;
  readonly source: ByteSource;
}

/** What a checkpoint is and what would be made of it, before anything is. Plain data. */
export interface CheckpointFacts {
  readonly file: string;
  readonly bytes: number;
  readonly container: Checkpoint['container'];
  /** `clip`: a bare CLIP; `ppad`: prompts with their CLIP; `ppad-prompts`: prompts alone. */
  readonly kind: Recognised['kind'];
  /** `learned-prompts`, `zero-shot`: the pack that it makes by itself; `needs-backbone`: prompts want the CLIP that they were learned with. */
  readonly willBuild: 'learned-prompts' | 'zero-shot' | 'needs-backbone';
  /** The vision tower's sizes; undefined for prompts alone. */
  readonly vision: Manifest['architecture'] | undefined;
  readonly textTower: Manifest['textTower'];
  readonly tensors: readonly { readonly key: string; readonly dtype: DType; readonly dims: readonly number[] }[];
  /** Keys that are not used. */
  readonly surplus: readonly string[];
  /** The class words that the prompts were learned with, where the file tells and a tokenizer was given. */
  readonly classes: Classes | undefined;
  /** Bytes of the pack's weights by the type that they are stored as; undefined for prompts alone. */
  readonly packBytes: Readonly<Record<Storage, { readonly vision: number; readonly text: number }>> | undefined;
}

/** A checkpoint that was opened, recognised and measured; no tensor has been read. */
export interface OpenedCheckpoint {
  readonly file: CheckpointFile;
  readonly checkpoint: Checkpoint;
  readonly recognised: Recognised;
  /** Undefined for prompts alone. */
  readonly architecture: ClipArchitecture | undefined;
}

/**
 * Opens a checkpoint and infers its sizes.
 *
 * @throws AppError `CHECKPOINT_INVALID`, `CHECKPOINT_FORBIDDEN`, `CHECKPOINT_UNSUPPORTED`, `CHECKPOINT_MISSING_KEY`, naming the key
 * or the offset.
 */
export async function openRecognised(file: CheckpointFile): Promise<OpenedCheckpoint> {
  const checkpoint = await openCheckpoint(file.source);
  const recognised = recognise(checkpoint);
  const architecture = recognised.kind === 'ppad-prompts' ? undefined : inferArchitecture(recognised.clip);
  return { file, checkpoint, recognised, architecture };
}

/**
 * Says what a checkpoint is and what would be made of it. With a tokenizer the class words are looked up, for which the token table
 * is read; else no tensor is.
 *
 * @throws AppError as `openRecognised` does.
 */
export async function inspectCheckpoint(
  file: CheckpointFile,
  { tokenizer }: { readonly tokenizer?: ClipTokenizer | undefined } = {},
): Promise<CheckpointFacts> {
  const { checkpoint, recognised, architecture } = await openRecognised(file);
  const { kind } = recognised;
  const text = architecture?.text;
  let classes: Classes | undefined;
  if (recognised.kind === 'ppad' && text && tokenizer)
    classes = await readClasses(
      recognised.prompts,
      await checkpointTowers(architecture, recognised.clip, 'float16').text.table(),
      tokenizer,
    );
  return {
    file: file.name,
    bytes: file.source.byteLength,
    container: checkpoint.container,
    kind,
    willBuild: kind === 'ppad' ? 'learned-prompts' : kind === 'clip' ? 'zero-shot' : 'needs-backbone',
    vision: architecture && describeVision(architecture.vision),
    textTower: text && describeText(text),
    tensors: [...checkpoint.tensors].map(([key, { dtype, dims }]) => ({ key, dtype, dims })),
    surplus: recognised.surplus,
    classes,
    packBytes:
      architecture && recognised.kind !== 'ppad-prompts'
        ? {
            float16: measure(architecture, recognised.clip, 'float16'),
            float32: measure(architecture, recognised.clip, 'float32'),
          }
        : undefined,
  };
}

/** The class words behind PPAD's prompts; undefined where the checkpoint does not tell. */
export async function readClasses(
  { tokenSuffix }: PromptTensors,
  table: TokenTable,
  tokenizer: ClipTokenizer,
): Promise<Classes | undefined> {
  if (tokenSuffix?.dims.length !== 3 || tokenSuffix.dims[0] !== 2 || tokenSuffix.dims[2] !== table.width) return undefined;
  const tokens = findTokens({ dtype: tokenSuffix.dtype, values: await tokenSuffix.read() }, table);
  const rows = tokenSuffix.dims[1] ?? 0;
  const [normal, abnormal] = [tokens.slice(0, rows), tokens.slice(rows)].map((row) => readClassWords(row, tokenizer));
  return normal !== undefined && abnormal !== undefined ? [normal, abnormal] : undefined;
}

function measure({ vision, text }: ClipArchitecture, clip: StateDict, storage: Storage): { vision: number; text: number } {
  const options = { storage, weightsPath: 'weights.bin' };
  const files = text ? [buildTextGraph(text, clip, options).weights, layOutTokenTable(text, clip, options)] : [];
  return {
    vision: buildVisionGraph(vision, clip, options).weights.byteLength,
    text: files.reduce((sum, { byteLength }) => sum + byteLength, 0),
  };
}
