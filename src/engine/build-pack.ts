import { inferArchitecture, type VisionArchitecture } from '../core/clip/architecture.js';
import { AppError } from '../core/errors.js';
import { drawPhantom } from '../core/film/phantom.js';
import { resizeSteps } from '../core/film/resize.js';
import { buildVisionGraph } from '../core/graph/vision-graph.js';
import { collectWeights, type Storage } from '../core/graph/weight-file.js';
import { defaultPositions } from '../core/pack/default-positions.js';
import { sha256 } from '../core/pack/hash.js';
import { MANIFEST_VERSION, parseManifest, type Manifest, type PackFile } from '../core/pack/manifest.js';
import { parsePromptSet, writePromptSet, type DenseTensor, type PromptSet } from '../core/pack/prompt-set.js';
import { patchMasks } from '../core/ppad/positions.js';
import { computeLogits } from '../core/ppad/scoring.js';
import type { StateDict } from '../core/torch/tensor.js';
import { normalise, type Logits } from './model.js';
import type { Graph, Runtime } from './ports.js';

type Computed = 'format' | 'version' | 'architecture' | 'preprocessing' | 'positions' | 'logitScale' | 'files' | 'golden';

/** The fields of a manifest that people write. Preprocessing and positions are PPAD's unless they say otherwise. */
export type PackMeta = Omit<Manifest, Computed> & Partial<Pick<Manifest, 'preprocessing' | 'positions'>>;

export interface PackParts {
  /** A CLIP by OpenAI's names; only its vision tower is used. */
  readonly clip: StateDict;
  /** `mask_embedding`, `text_features`, optionally `ctx` and `logit_scale` (a logarithm, as CLIP stores it; else the CLIP's). */
  readonly prompts: StateDict;
  readonly meta: PackMeta;
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

/** PPAD's normalisation (ppad.md section 2). */
const MEAN = 0.39799;
const STD = 0.32721349;

/**
 * Makes a pack's files. The golden vector is our clear phantom, squashed as the pack says, and what `runtime` makes of it.
 *
 * @throws AppError `CHECKPOINT_*` for tensors that make no CLIP, `PACK_INVALID` for a prompt set or meta data that do not fit.
 */
export async function buildPack(
  { clip, prompts, meta, card, storage = 'float16' }: PackParts,
  runtime: Runtime,
): Promise<BuiltPack> {
  const { vision } = inferArchitecture(clip);
  const architecture = describe(vision);
  const { preprocessing = { steps: [vision.side], mean: MEAN, std: STD }, positions = defaultPositions() } = meta;
  const { model, weights } = buildVisionGraph(vision, clip, { storage, weightsPath: 'vision.bin' });
  const promptBytes = writePromptSet(await collectPrompts(prompts));
  const promptSet = await parsePromptSet(promptBytes, { architecture });
  const golden = resizeSteps(drawPhantom({ opacity: false }), preprocessing.steps);

  const files = new Map([
    ['vision.onnx', model],
    ['vision.bin', await collectWeights(weights)],
    ['prompts.safetensors', promptBytes],
    ['golden.gray', golden],
  ]);
  if (card) files.set('card.md', card);
  const logitScale = Math.exp(await readScalar(prompts.has('logit_scale') ? prompts : clip, 'logit_scale'));
  const graph: Graph = { model, external: [{ path: 'vision.bin', data: files.get('vision.bin')! }] };
  const setting = { architecture, preprocessing, positions, logitScale };
  const logits = await computeGolden(runtime, graph, promptSet, golden, setting);

  const file = (path: string): PackFile => ({ path, bytes: files.get(path)!.byteLength, sha256: sha256(files.get(path)!) });
  const manifest: Manifest = {
    format: 'ppad-pack',
    version: MANIFEST_VERSION,
    ...meta,
    ...setting,
    files: {
      vision: file('vision.onnx'),
      visionWeights: file('vision.bin'),
      prompts: file('prompts.safetensors'),
      golden: file('golden.gray'),
      ...(card && { card: file('card.md') }),
    },
    golden: { logits: logits.map(([normal, abnormal]) => [normal, abnormal]) },
  };
  const manifestBytes = new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`);
  files.set('manifest.json', manifestBytes);
  // Through the reader's own check: what we write is what everyone can read.
  return { manifest: parseManifest(manifestBytes), files };
}

function describe({
  side,
  channels,
  grid,
  width,
  layers,
  heads,
  embed,
  stem,
  parameters,
}: VisionArchitecture): Manifest['architecture'] {
  return { side, channels, grid: [...grid], width, layers, heads, embed, stem, parameters };
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

async function readScalar(tensors: StateDict, key: string): Promise<number> {
  const value = (await tensors.get(key)?.read())?.[0];
  if (value === undefined) throw new AppError('CHECKPOINT_MISSING_KEY', `The checkpoint has no ${key}.`, { key });
  return value;
}

/** The logits of the golden input, `[position][normal, abnormal]`. */
async function computeGolden(
  runtime: Runtime,
  graph: Graph,
  prompts: PromptSet,
  golden: Uint8Array,
  {
    architecture,
    preprocessing,
    positions,
    logitScale,
  }: Pick<Manifest, 'architecture' | 'preprocessing' | 'positions' | 'logitScale'>,
): Promise<Logits> {
  const session = await runtime.open(graph);
  try {
    const outputs = await session.run({
      pixels: normalise(golden, architecture, preprocessing),
      patch_mask: patchMasks(
        architecture.grid,
        positions.map(({ mask }) => mask),
      ),
      mask_embedding: prompts.maskEmbedding,
    });
    const imageFeatures = outputs['features']!.data;
    if (!imageFeatures.every(Number.isFinite))
      throw new AppError('CHECKPOINT_INVALID', "The checkpoint's tensors give features that are not finite numbers.");
    return computeLogits({ logitScale, imageFeatures, textFeatures: prompts.textFeatures.data });
  } finally {
    await session.release();
  }
}
