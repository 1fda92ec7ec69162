import { AppError } from '../core/errors.js';
import { drawPhantom } from '../core/film/phantom.js';
import { resizeSteps } from '../core/film/resize.js';
import type { Manifest } from '../core/pack/manifest.js';
import type { PromptSet } from '../core/pack/prompt-set.js';
import { patchMasks } from '../core/ppad/positions.js';
import { computeLogits } from '../core/ppad/scoring.js';
import { normalise, type Logits } from './model.js';
import type { Graph, Runtime } from './ports.js';

/** What of a manifest the golden vector depends on. */
export type GoldenSetting = Pick<Manifest, 'architecture' | 'preprocessing' | 'positions' | 'logitScale'>;

/** The golden input, `side * side` grey bytes: our clear phantom, squashed as the pack says. */
export function drawGolden({ preprocessing }: Pick<Manifest, 'preprocessing'>): Uint8Array {
  return resizeSteps(drawPhantom({ opacity: false }), preprocessing.steps);
}

/**
 * The golden logits, `[position][normal, abnormal]`: what `runtime` makes of the golden input.
 *
 * @throws AppError `CHECKPOINT_INVALID` for weights that give no finite numbers, and as `runtime` does.
 */
export async function computeGolden(
  runtime: Runtime,
  graph: Graph,
  prompts: PromptSet,
  golden: Uint8Array,
  { architecture, preprocessing, positions, logitScale }: GoldenSetting,
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
