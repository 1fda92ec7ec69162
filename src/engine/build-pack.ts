import { inferArchitecture } from '../core/clip/architecture.js';
import { AppError } from '../core/errors.js';
import type { Storage } from '../core/graph/weight-file.js';
import { defaultPositions } from '../core/pack/default-positions.js';
import type { Manifest } from '../core/pack/manifest.js';
import { parsePromptSet, writePromptSet, type DenseTensor, type PromptSet } from '../core/pack/prompt-set.js';
import type { StateDict } from '../core/torch/tensor.js';
import { MemorySink } from './memory-sink.js';
import { PackWriter } from './pack-writer.js';
import type { Runtime } from './ports.js';
import { checkpointTowers, readLogitScale } from './towers.js';
import { describeVision, finishPack, MEAN, STD, writeVisionTower, type PackMeta } from './write-pack.js';

export interface PackParts {
  /** A CLIP by OpenAI's names. */
  readonly clip: StateDict;
  /** `mask_embedding`, `text_features`, optionally `ctx` and `logit_scale` (a logarithm, as CLIP stores it; else the CLIP's). */
  readonly prompts: StateDict;
  readonly meta: PackMeta;
  /** What tells chest films from other pictures (docs/formats.md); its threshold is `meta.chestCheck`. */
  readonly chestCheck?: Uint8Array | undefined;
  /** The tokens of the CLIP's small token table (docs/formats.md): the text tower is kept then, in files that only new words need. */
  readonly tokens?: Uint8Array | undefined;
  /** The model card, Markdown. */
  readonly card?: Uint8Array | undefined;
  /** How the weights are stored; float16 unless told otherwise. */
  readonly storage?: Storage | undefined;
}

export interface BuiltPack {
  readonly manifest: Manifest;
  /** Every file of the pack by its name, `manifest.json` included. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * Makes a pack's files in memory from prompts whose text features are known. The golden vector is our clear phantom, squashed as
 * the pack says, and what `runtime` makes of it.
 *
 * @throws AppError `CHECKPOINT_*` for tensors that make no CLIP, `PACK_INVALID` for a prompt set or meta data that do not fit.
 */
export async function buildPack(
  { clip, prompts, meta, card, chestCheck, tokens, storage = 'float16' }: PackParts,
  runtime: Runtime,
): Promise<BuiltPack> {
  const clipArchitecture = inferArchitecture(clip);
  const { vision } = clipArchitecture;
  const architecture = describeVision(vision);
  const { preprocessing = { steps: [vision.side], mean: MEAN, std: STD }, positions = defaultPositions() } = meta;
  const promptSet = await parsePromptSet(writePromptSet(await collectPrompts(prompts)), { architecture });
  const logitScale = await readLogitScale(prompts.has('logit_scale') ? prompts : clip);
  const sink = new MemorySink();
  const writer = new PackWriter(sink);
  const tower = await writeVisionTower(writer, vision, clip, { storage, summary: chestCheck !== undefined });
  const towers = tokens && checkpointTowers(clipArchitecture, clip, storage);
  const text = towers && {
    ...(await towers.text.keep(writer, await towers.text.graph())),
    tokenizer: await writer.bytes('tokens.json', tokens),
  };
  const described = towers ? { ...meta, textTower: towers.text.sizes } : meta;
  const setting = { architecture, preprocessing, positions, logitScale };
  const { manifest } = await finishPack(
    writer,
    { tower, prompts: promptSet, setting, meta: described, card, text, chestCheck },
    runtime,
  );
  return { manifest, files: sink.files };
}

async function collectPrompts(prompts: StateDict): Promise<PromptSet> {
  const read = async (key: string): Promise<DenseTensor> => {
    const tensor = prompts.get(key);
    if (!tensor) throw new AppError('PACK_INVALID', `The prompt set has no ${key}.`, { key });
    return { dims: tensor.dims, data: await tensor.read() };
  };
  return {
    maskEmbedding: await read('mask_embedding'),
    textFeatures: await read('text_features'),
    context: prompts.has('ctx') ? await read('ctx') : undefined,
  };
}
