import { expect, it } from 'vitest';
import { inferArchitecture } from '../clip/architecture.js';
import { patchMasks, REGIONS } from '../ppad/positions.js';
import { openGraph } from './testing/run-graph.js';
import { draw, tinyClip } from './testing/tiny-clip.js';
import { buildVisionGraph } from './vision-graph.js';

const [CHANNELS, SIDE, PATCH, GRID, WIDTH] = [3, 32, 8, 4, 64] as const;

/** The mean over all patches of CLIP's convolution, written out. */
function meanPatch(pixels: Float32Array, kernel: Float32Array): number[] {
  const taps = CHANNELS * PATCH * PATCH;
  return Array.from({ length: WIDTH }, (_, out) => {
    let sum = 0;
    for (let c = 0; c < CHANNELS; c++)
      for (let y = 0; y < SIDE; y++)
        for (let x = 0; x < SIDE; x++)
          sum += pixels[(c * SIDE + y) * SIDE + x]! * kernel[out * taps + (c * PATCH + (y % PATCH)) * PATCH + (x % PATCH)]!;
    return sum / GRID ** 2;
  });
}

it('plain masking shows the mean patch of the same film where a position ends', async () => {
  const clip = tinyClip('patch');
  const { vision } = inferArchitecture(clip);
  const options = { storage: 'float32', weightsPath: 'vision.bin' } as const;
  const plain = await openGraph(buildVisionGraph(vision, clip, { ...options, masking: 'mean' }));
  const learned = await openGraph(buildVisionGraph(vision, clip, options));
  const kernel = await clip.get('visual.conv1.weight')!.read();
  const patch_mask = patchMasks(vision.grid, REGIONS);
  for (const film of ['one', 'another']) {
    const pixels = { dims: [1, CHANNELS, SIDE, SIDE], data: draw(film, [CHANNELS, SIDE, SIDE]) };
    const mean = meanPatch(pixels.data, kernel);
    const mask = (data: Float32Array) => ({ dims: [1, GRID ** 2, WIDTH], data });
    const own = await plain({ pixels, patch_mask, mask_embedding: mask(new Float32Array(GRID ** 2 * WIDTH)) });
    const wanted = await learned({
      pixels,
      patch_mask,
      mask_embedding: mask(Float32Array.from({ length: GRID ** 2 * WIDTH }, (_, i) => mean[i % WIDTH]!)),
    });
    own.forEach((value, i) => expect(value).toBeCloseTo(wanted[i]!, 5));
    // The whole film hides nothing: it is CLIP's own feature, whatever masked patches would show.
    const bare = await learned({ pixels, patch_mask, mask_embedding: mask(new Float32Array(GRID ** 2 * WIDTH)) });
    const size = own.length / REGIONS.length;
    own.slice(-size).forEach((value, i) => expect(value).toBeCloseTo(bare[4 * size + i]!, 5));
    expect(Math.max(...own.slice(0, size).map((value, i) => Math.abs(value - bare[i]!)))).toBeGreaterThan(1e-3);
  }
});
