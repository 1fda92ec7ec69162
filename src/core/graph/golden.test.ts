import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inferArchitecture } from '../clip/architecture.js';
import { patchMasks, REGIONS } from '../ppad/positions.js';
import { embedPrompts } from '../ppad/text-inputs.js';
import { decodeElements } from '../torch/half.js';
import { openGraph } from './testing/run-graph.js';
import { draw, tinyClip, type TinyStem } from './testing/tiny-clip.js';
import { summaryLength } from './summary.js';
import { buildTextGraph, layOutTokenTable } from './text-graph.js';
import { collectWeights } from './weight-file.js';
import { buildVisionGraph } from './vision-graph.js';

const STEMS = ['patch', 'stem', 'mobile'] as const satisfies readonly TinyStem[];

interface Golden {
  /** Features `[3][32]` of the positions left, right, whole. */
  readonly patch: readonly (readonly number[])[];
  readonly stem: readonly (readonly number[])[];
  readonly mobile: readonly (readonly number[])[];
  /** Every seventh number of the summary `[1, 1152]`. */
  readonly summary: Readonly<Record<TinyStem, readonly number[]>>;
  readonly prompts: readonly (readonly number[])[];
  readonly text: readonly (readonly number[])[];
}

const golden = JSON.parse(readFileSync(new URL('./fixtures/golden.json', import.meta.url), 'utf8')) as Golden;
const regions = [REGIONS[0]!, REGIONS[1]!, REGIONS[4]!];

function largestDifference(values: Float32Array, wanted: readonly (readonly number[])[]): number {
  expect(values).toHaveLength(wanted.flat().length);
  return Math.max(...wanted.flat().map((value, i) => Math.abs(value - values[i]!)));
}

/** Half weights have 11 bits; the towers of the test are random, which is harder on them than trained ones. */
const TOLERANCE = { float32: 2e-6, float16: 2e-3 } as const;

describe.each(['float32', 'float16'] as const)('weights stored as %s', (storage) => {
  it.each(STEMS)("the vision tower over a '%s' stem computes what PyTorch does", async (stem) => {
    const clip = tinyClip(stem);
    const { vision } = inferArchitecture(clip);
    const channels = stem === 'patch' ? 3 : 1;
    expect(vision).toMatchObject({ stem, channels, side: 32, grid: [4, 4], width: 64, layers: 2, heads: 1, embed: 32 });
    const run = await openGraph(buildVisionGraph(vision, clip, { storage, weightsPath: 'vision.bin' }));
    const features = await run({
      pixels: {
        dims: [1, channels, 32, 32],
        data: draw(`pixels.${channels}`, [channels, 32, 32]).map((value) => 4 * value),
      },
      patch_mask: patchMasks(vision.grid, regions),
      mask_embedding: { dims: [1, 16, 64], data: draw('mask_embedding', [16, 64]) },
    });
    expect(largestDifference(features, golden[stem])).toBeLessThan(TOLERANCE[storage]);
  });

  it.each(STEMS)("the summary of a film over a '%s' stem is what PyTorch finds, whatever the mask shows", async (stem) => {
    const clip = tinyClip(stem);
    const { vision } = inferArchitecture(clip);
    const run = await openGraph(buildVisionGraph(vision, clip, { storage, weightsPath: 'vision.bin', summary: true }));
    const { channels } = vision;
    const pixels = draw(`pixels.${channels}`, [channels, 32, 32]).map((value) => 4 * value);
    const summary = (chosen: typeof regions, mask: string) =>
      run(
        {
          pixels: { dims: [1, channels, 32, 32], data: pixels },
          patch_mask: patchMasks(vision.grid, chosen),
          mask_embedding: { dims: [1, 16, 64], data: draw(mask, [16, 64]) },
        },
        'summary',
      );
    const whole = await summary(regions, 'mask_embedding');
    expect(whole).toHaveLength(summaryLength(vision));
    expect(
      largestDifference(
        whole.filter((_, i) => i % 7 === 0),
        [golden.summary[stem]],
      ),
    ).toBeLessThan(TOLERANCE[storage] * 10);
    // The class token comes from the positions that hide nothing: another mask, or the same film twice, changes nothing.
    expect(await summary([...regions, REGIONS[4]!], 'another')).toEqual(whole);
    // Without such a position there is none.
    expect((await summary([REGIONS[0]!], 'mask_embedding')).slice(-64)).toEqual(new Float32Array(64));
  });

  it('the text tower computes what PyTorch does, prompts of two lengths in one batch', async () => {
    const clip = tinyClip('patch');
    const { text } = inferArchitecture(clip);
    const run = await openGraph(buildTextGraph(text!, clip, { storage, weightsPath: 'text.bin' }));
    const rows = await collectWeights(layOutTokenTable(text!, clip, { storage, weightsPath: 'tokens.bin' }));
    const table = { width: 64, values: decodeElements(storage, rows) };
    const [first = [], second = []] = golden.prompts;
    const prompts = [
      { ids: first, contextStart: 2 },
      { ids: second, contextStart: undefined },
    ];
    const features = await run({ ...embedPrompts(prompts, table, draw('ctx', [2, 64])) });
    expect(largestDifference(features, golden.text)).toBeLessThan(TOLERANCE[storage]);
  });
});

describe('positions', () => {
  it.each([1, 2])('of a tower of %i blocks may be any number, and only masked patches show the mask', async (layers) => {
    const clip = tinyClip('stem');
    if (layers === 1) for (const key of [...clip.keys()]) if (key.startsWith('visual.transformer.resblocks.1.')) clip.delete(key);
    const { vision } = inferArchitecture(clip);
    expect(vision.layers).toBe(layers);
    const run = await openGraph(buildVisionGraph(vision, clip, { storage: 'float32', weightsPath: 'vision.bin' }));
    const pixels = { dims: [1, 1, 32, 32], data: draw('pixels.1', [32, 32]) };
    const feature = (region: (typeof REGIONS)[number][], mask: string) =>
      run({
        pixels,
        patch_mask: patchMasks(vision.grid, region),
        mask_embedding: { dims: [1, 16, 64], data: draw(mask, [16, 64]) },
      });
    const [left, whole] = [REGIONS[0]!, REGIONS[4]!];
    const both = await feature([left, whole], 'one');
    expect(both.slice(0, 32)).toEqual(await feature([left], 'one'));
    expect(both.slice(32)).toEqual(await feature([whole], 'one'));
    expect(both.slice(32)).toEqual(await feature([whole], 'other'));
    expect(both.slice(0, 32)).not.toEqual(await feature([left], 'other'));
    expect(Math.hypot(...both.slice(0, 32))).toBeCloseTo(1, 5);
  });
});

describe('weight files', () => {
  it('are half as large with half weights, and written piece by piece in order', async () => {
    const clip = tinyClip('stem');
    const { vision } = inferArchitecture(clip);
    const [full, half] = (['float32', 'float16'] as const).map(
      (storage) => buildVisionGraph(vision, clip, { storage, weightsPath: 'w' }).weights,
    );
    expect(full!.byteLength).toBeGreaterThanOrEqual(4 * vision.parameters);
    expect(half!.byteLength / full!.byteLength).toBeLessThan(0.52);
    const pieces: number[] = [];
    await half!.write((chunk) => void pieces.push(chunk.byteLength));
    expect(pieces.length).toBeGreaterThan(20);
    expect(pieces.reduce((sum, size) => sum + size, 0)).toBe(half!.byteLength);
  });

  it('stop being written when the signal fires', async () => {
    const clip = tinyClip('stem');
    const { weights } = buildVisionGraph(inferArchitecture(clip).vision, clip, { storage: 'float16', weightsPath: 'w' });
    const controller = new AbortController();
    let pieces = 0;
    const writing = weights.write(() => {
      if (++pieces === 3) controller.abort();
    }, controller.signal);
    await expect(writing).rejects.toMatchObject({ code: 'ABORTED' });
    expect(pieces).toBeLessThan(6);
  });
});
