import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { inferArchitecture, type ClipArchitecture, type TextArchitecture } from '../clip/architecture.js';
import { patchMask, patchMasks, REGIONS } from '../ppad/positions.js';
import { computeLogits, PPAD_RULE, scoreImage, scorePositions } from '../ppad/scoring.js';
import { tokenisePrompt, type TokenisedPrompt } from '../ppad/prompt.js';
import { embedPrompts } from '../ppad/text-inputs.js';
import { createTokenizer } from '../clip/tokenizer.js';
import type { StateDict } from '../torch/tensor.js';
import { FOLDERS, readCheckpoint, readExpected, readPixels, REFERENCE_IS_THERE, type Expected } from './testing/reference.js';
import { openGraph, type Feed, type RunGraph } from './testing/run-graph.js';
import { buildTextGraph } from './text-graph.js';
import { buildVisionGraph } from './vision-graph.js';

interface Opened {
  readonly expected: Expected;
  readonly architecture: ClipArchitecture;
  readonly vision: RunGraph;
  readonly text: RunGraph;
  readonly mask: Feed;
  readonly table: Float32Array;
  readonly context: Float32Array;
  readonly clip: StateDict;
}

async function open(folder: (typeof FOLDERS)[number], storage: 'float16' | 'float32'): Promise<Opened> {
  const { clip, prompts } = await readCheckpoint(folder);
  const architecture = inferArchitecture(clip);
  const { vision, text } = architecture;
  return {
    expected: readExpected(folder),
    architecture,
    vision: await openGraph(buildVisionGraph(vision, clip, { storage, weightsPath: 'vision.bin' })),
    text: await openGraph(buildTextGraph(text!, clip, { storage, weightsPath: 'text.bin' })),
    mask: { dims: prompts.maskEmbedding.dims, data: await prompts.maskEmbedding.read() },
    table: await clip.get('token_embedding.weight')!.read(),
    context: await prompts.ctx.read(),
    clip,
  };
}

/** Text features of prompts, `[B, E]`. */
function embed({ text, table, context, architecture }: Opened, prompts: readonly TokenisedPrompt[]): Promise<Float32Array> {
  return text({ ...embedPrompts(prompts, { width: (architecture.text as TextArchitecture).width, values: table }, context) });
}

const merges = readFileSync(new URL('../../../public/tokenizer/clip-merges.txt', import.meta.url), 'utf8');
const tokenizer = createTokenizer(merges);

/** The prompts of all positions and of `classes`. */
function composePrompts({ positions }: Expected, classes: readonly string[]): TokenisedPrompt[] {
  return positions.flatMap((position) => classes.map((name) => tokenisePrompt((text) => tokenizer.encode(text), position, name)));
}

/** Of logits, relative or absolute, and of probabilities. */
const TOLERANCE = { float32: [2e-3, 5e-3, 0.005], float16: [0.02, 0.1, 0.02] } as const;

function close(value: number, wanted: number, relative: number, absolute: number): void {
  expect(Math.abs(value - wanted)).toBeLessThanOrEqual(Math.max(absolute, relative * Math.abs(wanted)));
}

describe.skipIf(!REFERENCE_IS_THERE)('against the reference (skipped where ../shared/reference is absent)', () => {
  const cases = FOLDERS.flatMap((folder) => (['float32', 'float16'] as const).map((storage) => [folder, storage] as const));
  describe.each(cases)('%s, weights stored as %s', (folder, storage) => {
    let opened: Opened;
    let features: Float32Array;
    beforeAll(async () => {
      opened = await open(folder, storage);
      features = await embed(opened, composePrompts(opened.expected, opened.expected.classes));
    });

    it('has its patch masks', () => {
      const { grid } = opened.architecture.vision;
      expect(REGIONS.map((region) => [...patchMask(grid, region)])).toEqual(opened.expected.patch_masks);
    });

    it('has its prompts', () => {
      const { expected } = opened;
      const prompts = composePrompts(expected, expected.classes);
      expect(prompts.map(({ ids }) => ids)).toEqual(expected.positions.flatMap((position) => expected.token_ids[position]));
    });

    it('gives its text features', () => {
      const { expected } = opened;
      const wanted = expected.positions.flatMap((position) => expected.text_features[position]!);
      const size = features.length / wanted.length;
      wanted.forEach((row, i) => {
        const own = features.subarray(i * size, (i + 1) * size);
        const cosine = row.reduce((sum, value, j) => sum + value * own[j]!, 0) / Math.hypot(...row);
        expect(Math.abs(1 - cosine)).toBeLessThan(1e-4);
      });
    });

    it("gives its logits, probabilities and image scores, from the reference's text features and from our own", async () => {
      const { expected, vision, mask } = opened;
      const text = Float32Array.from(expected.positions.flatMap((position) => expected.text_features[position]!.flat()));
      for (const source of [text, features]) {
        for (const [film, wanted] of Object.entries(expected.images)) {
          const imageFeatures = await vision({
            pixels: readPixels(film),
            patch_mask: patchMasks(opened.architecture.vision.grid, REGIONS),
            mask_embedding: mask,
          });
          const logits = computeLogits({ logitScale: expected.logit_scale_exp, imageFeatures, textFeatures: source });
          const scores = scorePositions(logits);
          const [relative, absolute, off] = TOLERANCE[storage];
          wanted.logits.forEach((pair, p) => pair.forEach((value, c) => close(logits[p]![c]!, value, relative, absolute)));
          scores.forEach(({ probability }, p) => close(probability, wanted.probabilities[p]!, 0, off));
          const score = scoreImage(
            scores.map(({ probability }) => probability),
            PPAD_RULE,
          );
          close(score.score, wanted.score, 0, off);
          expect(score.rule).toBe(Math.max(...wanted.probabilities) > 0.8 ? 'max' : 'mean');
        }
      }
    });

    it('gives its logits for other class words', async () => {
      const { expected, vision, mask, architecture } = opened;
      const { classes, image, logits: wanted } = expected.classes_override;
      const textFeatures = await embed(opened, composePrompts(expected, classes));
      const imageFeatures = await vision({
        pixels: readPixels(image),
        patch_mask: patchMasks(architecture.vision.grid, REGIONS),
        mask_embedding: mask,
      });
      const logits = computeLogits({ logitScale: expected.logit_scale_exp, imageFeatures, textFeatures });
      const [relative, absolute] = TOLERANCE[storage];
      wanted.forEach((pair, p) => pair.forEach((value, c) => close(logits[p]![c]!, value, relative, absolute)));
    });

    it('gives its zero-shot logits, without mask or context', async () => {
      const { expected, vision, mask, architecture } = opened;
      const { token_ids: prompts, logits } = expected.zero_shot;
      const text = await embed(
        opened,
        prompts.map((ids) => ({ ids, contextStart: undefined })),
      );
      for (const [film, wanted] of Object.entries(logits)) {
        const image = await vision({
          pixels: readPixels(film),
          patch_mask: patchMasks(architecture.vision.grid, REGIONS.slice(4)),
          mask_embedding: mask,
        });
        const [relative, absolute] = TOLERANCE[storage];
        wanted.forEach((value, c) => {
          const dot = image.reduce((sum, x, i) => sum + x * text[c * image.length + i]!, 0);
          close(expected.logit_scale_exp * dot, value, relative, absolute);
        });
      }
    });
  });
});
