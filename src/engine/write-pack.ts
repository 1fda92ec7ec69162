import type { VisionArchitecture } from '../core/clip/architecture.js';
import { buildVisionGraph, type Masking } from '../core/graph/vision-graph.js';
import type { Storage } from '../core/graph/weight-file.js';
import { MANIFEST_VERSION, parseManifest, type Manifest, type PackFile } from '../core/pack/manifest.js';
import { writePromptSet, type PromptSet } from '../core/pack/prompt-set.js';
import type { StateDict } from '../core/torch/tensor.js';
import { computeGolden, drawGolden, type GoldenSetting } from './golden-vector.js';
import type { PackWriter } from './pack-writer.js';
import type { Runtime } from './ports.js';

type Computed = 'format' | 'version' | 'architecture' | 'preprocessing' | 'positions' | 'logitScale' | 'files' | 'golden';

/** The fields of a manifest that people write. Preprocessing and positions are PPAD's unless they say otherwise. */
export type PackMeta = Omit<Manifest, Computed> & Partial<Pick<Manifest, 'preprocessing' | 'positions'>>;

/** PPAD's normalisation (ppad.md section 2). */
export const MEAN = 0.39799;
export const STD = 0.32721349;

/** A vision tower that is in the sink. */
export interface WrittenTower {
  readonly model: Uint8Array;
  readonly vision: PackFile;
  readonly visionWeights: PackFile;
}

/** Everything of a pack but its golden vector. */
export interface PackContent {
  readonly tower: WrittenTower;
  readonly prompts: PromptSet;
  readonly setting: GoldenSetting;
  readonly meta: PackMeta;
  /** The model card, Markdown. */
  readonly card?: Uint8Array | undefined;
  /** Files of the text tower that were written. */
  readonly text?: Pick<Manifest['files'], 'text' | 'textWeights' | 'tokenTable' | 'tokenizer'> | undefined;
  /** The chest check's file, whose threshold is in `meta`; the tower was written with its summary then. */
  readonly chestCheck?: Uint8Array | undefined;
}

/** What a manifest says of a tower. */
export function describeVision(vision: VisionArchitecture): Manifest['architecture'] {
  const { side, channels, grid, width, layers, heads, embed, stem, parameters } = vision;
  return { side, channels, grid: [...grid], width, layers, heads, embed, stem, parameters };
}

/** Writes a vision tower's graph and weights. */
export async function writeVisionTower(
  writer: PackWriter,
  vision: VisionArchitecture,
  clip: StateDict,
  options: { readonly storage: Storage; readonly masking?: Masking; readonly summary?: boolean },
): Promise<WrittenTower> {
  const { model, weights } = buildVisionGraph(vision, clip, { ...options, weightsPath: 'vision.bin' });
  return { model, vision: await writer.bytes('vision.onnx', model), visionWeights: await writer.weights(weights) };
}

/**
 * Writes what goes with the towers, has `runtime` compute the golden vector, and commits the pack.
 *
 * @throws AppError `PACK_INVALID` for meta data that nobody could read, `CHECKPOINT_INVALID` for weights that give no finite numbers.
 */
export async function finishPack(
  writer: PackWriter,
  { tower, prompts, setting, meta, card, text, chestCheck }: PackContent,
  runtime: Runtime,
): Promise<{ readonly manifest: Manifest; readonly bytes: Uint8Array }> {
  const golden = drawGolden(setting);
  const files = {
    vision: tower.vision,
    visionWeights: tower.visionWeights,
    prompts: await writer.bytes('prompts.safetensors', writePromptSet(prompts)),
    golden: await writer.bytes('golden.gray', golden),
    ...(card && { card: await writer.bytes('MODEL_CARD.md', card) }),
    ...(chestCheck && { chestCheck: await writer.bytes('chest-check.safetensors', chestCheck) }),
    ...text,
  };
  const weights = { path: tower.visionWeights.path, data: await writer.sink.read(tower.visionWeights) };
  const logits = await computeGolden(runtime, { model: tower.model, external: [weights] }, prompts, golden, setting);
  const manifest: Manifest = {
    format: 'ppad-pack',
    version: MANIFEST_VERSION,
    ...meta,
    ...setting,
    files,
    golden: { logits: logits.map(([normal, abnormal]) => [normal, abnormal]) },
  };
  // For people to read too; one space, since every visit loads it.
  const bytes = new TextEncoder().encode(`${JSON.stringify(manifest, null, 1)}\n`);
  // Through the reader's own check, before anything is a pack: what we write is what everyone can read.
  const checked = parseManifest(bytes);
  await writer.sink.commit(bytes);
  return { manifest: checked, bytes };
}
