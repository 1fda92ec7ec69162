import { createTokenizer, type ClipTokenizer } from '../core/clip/tokenizer.js';
import { AppError, throwIfAborted, toAppError } from '../core/errors.js';
import type { Storage } from '../core/graph/weight-file.js';
import { defaultPositions } from '../core/pack/default-positions.js';
import { sha256, type StartHash } from '../core/pack/hash.js';
import type { Manifest } from '../core/pack/manifest.js';
import type { DenseTensor } from '../core/pack/prompt-set.js';
import type { TextInputs } from '../core/ppad/text-inputs.js';
import { hashFile } from './hash-file.js';
import { importMeta } from './import-meta.js';
import type { Classes } from './model.js';
import { openRecognised, type CheckpointFile, type OpenedCheckpoint } from './inspect-checkpoint.js';
import { readLearned, wordsOf, type Learned } from './learned-prompts.js';
import { packTowers, type PackTowers } from './pack-towers.js';
import { PackWriter } from './pack-writer.js';
import type { PackSink, PackSource, RunOptions, Runtime } from './ports.js';
import { embedWords, runTextGraph, type PromptWords } from './text-features.js';
import { checkpointTowers, type TextFiles, type Towers } from './towers.js';
import { finishPack, MEAN, STD } from './write-pack.js';

/** What to import, and how. */
export interface ImportRequest {
  /** A CLIP, a PPAD checkpoint with its CLIP inside, or PPAD's prompts alone (then with `backbone`). */
  readonly checkpoint: CheckpointFile;
  /** PPAD's prompts for the CLIP of `checkpoint`, in place of those that it may hold. */
  readonly prompts?: CheckpointFile | undefined;
  /** For prompts alone: the pack of the CLIP that they were learned with, imported with `keepText`. */
  readonly backbone?: PackSource | undefined;
  /** Leaves the prompts of a PPAD checkpoint aside: the CLIP inside it as a zero-shot pack, the baseline to compare with. */
  readonly zeroShot?: boolean | undefined;
  /** Class words in place of those found in the checkpoint; for a bare CLIP two whole prompts in place of `normal.` and `pneumonia.`. */
  readonly classes?: Classes | undefined;
  /** How the weights are stored; float16 unless told otherwise. */
  readonly storage?: Storage | undefined;
  /** Keeps the text tower and the token table, so that words can be changed later. Default: only the text features. */
  readonly keepText?: boolean | undefined;
  /** Sides to which films are squashed in turn, the last being the model's; `[256, 224]` as the published experiments did. Default: the model's side alone. */
  readonly steps?: readonly number[] | undefined;
  /** The pack's title; default: the checkpoint's file name. */
  readonly title?: string | undefined;
}

export interface ImportPorts {
  /** Computes text features and the golden vector. A session is opened twice, one after the other, and closed. */
  readonly runtime: Runtime;
  /** Is committed at the end, or discarded at whatever failure. */
  readonly sink: PackSink;
  /** CLIP's merges (`public/tokenizer/clip-merges.txt`). */
  readonly merges: () => Promise<string>;
  /** SHA-256, where the machine has a faster one than JavaScript's. */
  readonly startHash?: StartHash | undefined;
}

/** In this order. `hash`: reading the words and hashing the files; `write`: the vision tower; `text`: the text features; `check`: the golden vector. */
export type ImportStep = 'hash' | 'text' | 'write' | 'check';

/** `loaded` of `total` is bytes of work over all steps. */
export interface ImportProgress {
  readonly step: ImportStep;
  readonly loaded: number;
  readonly total: number;
}

export interface ImportedPack {
  readonly manifest: Manifest;
  /** SHA-256 of the manifest's bytes: the pack's identity. */
  readonly sha256: string;
  /** Keys of the checkpoint that were not used. */
  readonly surplus: readonly string[];
}

/**
 * Makes a model pack of a checkpoint and writes it into `ports.sink`, a tensor at a time. What was given is checked before anything
 * is written; a failure or an abort leaves nothing behind.
 *
 * @throws AppError `CHECKPOINT_*` naming the key or the offset, `CLASSES_UNKNOWN` where the checkpoint does not tell its class words,
 * `BACKBONE_NEEDED` and `BACKBONE_MISMATCH` for prompts, `TEXT_TOO_LONG`, `PACK_*` for a backbone, `ABORTED`; whatever the ports throw.
 */
export async function importCheckpoint(
  request: ImportRequest,
  ports: ImportPorts,
  options: RunOptions<ImportProgress> = {},
): Promise<ImportedPack> {
  try {
    return await convert(request, ports, options);
  } catch (thrown) {
    await ports.sink.discard();
    throw toAppError(thrown);
  }
}

async function convert(
  request: ImportRequest,
  { runtime, sink, merges, startHash }: ImportPorts,
  { signal, onProgress }: RunOptions<ImportProgress>,
): Promise<ImportedPack> {
  const { checkpoint, prompts, storage = 'float16', keepText = false } = request;
  const opened = await openRecognised(checkpoint);
  const towers = await towersOf(opened, request, storage, signal);
  const learned = request.zeroShot === true ? undefined : await readLearned(opened, prompts, towers);
  const { architecture } = towers;
  const { steps = [architecture.side] } = request;
  if (steps.at(-1) !== architecture.side)
    throw new AppError(
      'PACK_INVALID',
      `The last resize step is ${steps.at(-1) ?? 'none'}, not ${architecture.side}, the side of the model.`,
    );
  const tokenizer = createTokenizer(await merges());

  const files = [checkpoint, ...(prompts ? [prompts] : [])];
  const total =
    files.reduce((sum, { source }) => sum + source.byteLength, 0) +
    (keepText ? 2 : 1) * towers.bytes.text +
    towers.bytes.vision +
    CHECK_WEIGHT;
  let loaded = 0;
  let step: ImportStep = 'hash';
  const advance = (bytes: number): void => {
    loaded = Math.min(total, loaded + bytes);
    onProgress?.({ step, loaded, total });
  };
  advance(0);
  // Words that cannot be used are told before the file is hashed.
  const { words, inputs } = await embedRequest(request, towers, learned, tokenizer);
  throwIfAborted(signal);
  const hashes: string[] = [];
  for (const { source } of files) hashes.push(await hashFile(source, { signal, onProgress: advance }, startHash));

  step = 'write';
  advance(0);
  const writer = new PackWriter(sink, { signal, startHash, onBytes: advance });
  const tower = await towers.writeVision(writer, words.prompting === 'learned' ? 'learned' : 'mean');
  // Sessions come last: what WebAssembly has taken it never gives back, and a conversion beside it would add to that.
  step = 'text';
  advance(0);
  const { textFeatures, files: text } = await convertText(towers, { words, inputs }, runtime, keepText ? writer : undefined);
  advance(towers.bytes.text);
  const setting = {
    architecture,
    preprocessing: { steps: [...steps], mean: MEAN, std: STD },
    positions: defaultPositions(),
    logitScale: await towers.logitScale(),
  };
  step = 'check';
  advance(0);
  const promptSet = {
    maskEmbedding: learned?.maskEmbedding ?? zeros(1, architecture.grid[0] * architecture.grid[1], architecture.width),
    textFeatures,
    context: learned?.context,
  };
  const meta = importMeta({ request, opened, words, hashes, textTower: text && towers.text.sizes, backbone: backboneOf(towers) });
  const { manifest, bytes } = await finishPack(writer, { tower, prompts: promptSet, setting, meta, text }, runtime);
  onProgress?.({ step: 'check', loaded: total, total });
  return { manifest, sha256: sha256(bytes), surplus: opened.recognised.surplus };
}

interface EmbeddedWords {
  readonly words: PromptWords;
  readonly inputs: TextInputs;
}

// The next two are functions of their own for the sake of memory: the token table (101 MB of a full-size CLIP) and the text tower's
// weights (76 MB) are let go when they return.

async function embedRequest(
  { classes }: ImportRequest,
  { text }: Towers,
  learned: Learned | undefined,
  tokenizer: ClipTokenizer,
): Promise<EmbeddedWords> {
  const table = await text.table();
  const words = await wordsOf(learned, classes, table, tokenizer);
  const inputs = embedWords(words, tokenizer, table, { context: text.sizes.context, learned: learned?.context.data });
  return { words, inputs };
}

/** The text features; with a writer the text tower is kept. */
async function convertText(
  { text }: Towers,
  { words, inputs }: EmbeddedWords,
  runtime: Runtime,
  keep: PackWriter | undefined,
): Promise<{ readonly textFeatures: DenseTensor; readonly files: TextFiles | undefined }> {
  const graph = await text.graph();
  const textFeatures = await runTextGraph(runtime, graph, inputs, words);
  return { textFeatures, files: keep && (await text.keep(keep, graph)) };
}

/** The golden vector's share of the progress, in bytes. */
const CHECK_WEIGHT = 20_000_000;

async function towersOf(
  { recognised, architecture }: OpenedCheckpoint,
  { backbone }: ImportRequest,
  storage: Storage,
  signal: AbortSignal | undefined,
): Promise<Towers | PackTowers> {
  if (recognised.kind !== 'ppad-prompts' && architecture) return checkpointTowers(architecture, recognised.clip, storage);
  if (!backbone)
    throw new AppError('BACKBONE_NEEDED', "The file holds PPAD's prompts alone, without the CLIP that they were learned with.");
  return packTowers(backbone, { signal });
}

function backboneOf(towers: Towers | PackTowers): { name: string; sha256: string } | undefined {
  return 'manifest' in towers ? { name: towers.manifest.name, sha256: towers.sha256 } : undefined;
}

function zeros(...dims: number[]): DenseTensor {
  return { dims, data: new Float32Array(dims.reduce((product, size) => product * size)) };
}
