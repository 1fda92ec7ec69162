import { createChestChecker } from '../core/chest/chest-check.js';
import { AppError } from '../core/errors.js';
import type { Manifest } from '../core/pack/manifest.js';
import type { DenseTensor } from '../core/pack/prompt-set.js';
import { patchMasks } from '../core/ppad/positions.js';
import { computeLogits, probabilityAbnormal } from '../core/ppad/scoring.js';
import type { Backend, ChestCheck } from '../core/result.js';
import type { LoadedPack } from './load-pack.js';
import type { Runtime, Session, Tensor } from './ports.js';

/** What one run of the vision graph gives. */
export interface Inference {
  readonly logits: Logits;
  /** Undefined where the pack has no check. */
  readonly chestCheck: ChestCheck | undefined;
}

/** Two classes as prompts have them, the one without deviation first. */
export type Classes = readonly [string, string];

export type Logits = readonly (readonly [number, number])[];

/** A pack opened on a backend that has reproduced its golden vector. */
export interface Model {
  readonly pack: LoadedPack;
  readonly backend: Backend;
  /** `[normal, abnormal]` of the five positions for `side * side` grey bytes, and what the chest check says. One inference at a time. */
  infer(input: Uint8Array): Promise<Inference>;
  /** Class words in place of the pack's own; undefined while they are those. */
  readonly classes: Classes | undefined;
  /** The same session asked with other words: `textFeatures` `[5, 2, E]` as `computeTextFeatures` gives them. Release one of the two. */
  reword(classes: Classes, textFeatures: DenseTensor): Model;
  release(): Promise<void>;
}

/** How far a probability of the golden vector may be off before a backend counts as wrong. */
export const GOLDEN_TOLERANCE = 0.01;

/**
 * Opens a pack on a runtime and has it score the golden input.
 *
 * @throws AppError `BACKEND_UNAVAILABLE`, `BACKEND_WRONG` with the largest difference, `OUT_OF_MEMORY`, `DEVICE_LOST`.
 */
export async function openModel(runtime: Runtime, pack: LoadedPack): Promise<Model> {
  const session = await runtime.open(pack.vision);
  const model = modelOver(session, runtime.backend, pack);
  try {
    checkGolden((await model.infer(pack.golden)).logits, pack.manifest, runtime.backend);
  } catch (thrown) {
    await session.release().catch(() => undefined);
    throw thrown;
  }
  return model;
}

function modelOver(session: Session, backend: Backend, pack: LoadedPack, classes?: Classes): Model {
  const { architecture, preprocessing, positions, logitScale } = pack.manifest;
  const masks = patchMasks(
    architecture.grid,
    positions.map(({ mask }) => mask),
  );
  const toPixels = createNormaliser(architecture, preprocessing);
  const check = createCheck(pack);
  return {
    pack,
    backend,
    classes,
    reword: (words, textFeatures) => modelOver(session, backend, { ...pack, prompts: { ...pack.prompts, textFeatures } }, words),
    async infer(input) {
      const outputs = await session.run({
        pixels: toPixels(input),
        patch_mask: masks,
        mask_embedding: pack.prompts.maskEmbedding,
      });
      const features = outputs['features'];
      if (features?.data.length !== positions.length * architecture.embed)
        throw new AppError(
          'PACK_INVALID',
          'The vision graph has no output named features of five rows as long as the embedding.',
        );
      const textFeatures = pack.prompts.textFeatures.data;
      return {
        logits: computeLogits({ logitScale, imageFeatures: features.data, textFeatures }),
        chestCheck: check(outputs['summary']),
      };
    },
    release: () => session.release(),
  };
}

/** What looks at the graph's summary. @throws AppError `PACK_INVALID` if the pack has a check, but its graph nothing to check. */
function createCheck({ manifest, chestCheck }: LoadedPack): (summary: Tensor | undefined) => ChestCheck | undefined {
  if (!manifest.chestCheck || !chestCheck) return () => undefined;
  const { threshold } = manifest.chestCheck;
  const check = createChestChecker(chestCheck);
  return (summary) => {
    if (summary?.data.length !== chestCheck.mean.length)
      throw new AppError(
        'PACK_INVALID',
        'The vision graph has no output named summary of the length that the chest check needs.',
      );
    return check(summary.data, threshold);
  };
}

/** Grey bytes to `[1, channels, side, side]`: `/255`, minus the mean, over the deviation, the same in each channel (ppad.md section 2). */
export function normalise(
  input: Uint8Array,
  architecture: Manifest['architecture'],
  preprocessing: Manifest['preprocessing'],
): Tensor {
  return createNormaliser(architecture, preprocessing)(input);
}

/** `normalise` for films of one pack. The tensor is the same each time, and a session wraps it once: one inference at a time. */
function createNormaliser(
  { side, channels }: Manifest['architecture'],
  { mean, std }: Manifest['preprocessing'],
): (input: Uint8Array) => Tensor {
  const plane = side * side;
  // 256 grey values only: a table is exact and spares a division a pixel.
  const table = Float32Array.from({ length: 256 }, (_, grey) => (grey / 255 - mean) / std);
  const data = new Float32Array(channels * plane);
  const pixels: Tensor = { dims: [1, channels, side, side], data };
  return (input) => {
    if (input.length !== plane) throw new RangeError(`An input of ${input.length} values, not ${plane}.`);
    for (let i = 0; i < plane; i++) data[i] = table[input[i]!]!;
    for (let channel = 1; channel < channels; channel++) data.copyWithin(channel * plane, 0, plane);
    return pixels;
  };
}

function checkGolden(logits: Logits, manifest: Manifest, backend: Backend): void {
  let worst = 0;
  logits.forEach((pair, i) => {
    const off = Math.abs(probabilityAbnormal(pair) - probabilityAbnormal(manifest.golden.logits[i] ?? [NaN, NaN]));
    worst = Number.isNaN(off) ? Infinity : Math.max(worst, off);
  });
  if (worst <= GOLDEN_TOLERANCE) return;
  throw new AppError(
    'BACKEND_WRONG',
    `On ${backend} the pack's golden vector is off by ${worst.toFixed(3)}, more than ${GOLDEN_TOLERANCE}.`,
    { backend, difference: Number.isFinite(worst) ? worst : 'not a number' },
  );
}
