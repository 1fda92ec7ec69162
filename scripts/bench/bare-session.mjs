import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/**
 * onnxruntime-node and a pack's graph, nothing else.
 *
 * @param {string} folder @param {number} threads
 * @returns {Promise<{ run: (positions: number) => Promise<unknown> }>} `run` infers so many positions as one batch
 */
export async function openBare(folder, threads) {
  /** @type {import('../../src/core/pack/manifest.js').Manifest} */
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  const { side, channels, grid, width } = manifest.architecture;
  const { vision, visionWeights } = manifest.files;
  const session = await InferenceSession.create(readFileSync(join(folder, vision.path)), {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    externalData: [{ path: visionWeights.path, data: readFileSync(join(folder, visionWeights.path)) }],
  });
  const patches = grid[0] * grid[1];
  const pixels = tensor([1, channels, side, side], (i) => Math.sin(i));
  const embedding = tensor([1, patches, width], (i) => 0.1 * Math.cos(i));
  const masks = new Map([1, 5].map((rows) => [rows, tensor([rows, patches, 1], (i) => i % 2)]));
  return {
    run: (positions) =>
      session.run({
        pixels,
        patch_mask: /** @type {Tensor} */ (masks.get(positions)),
        mask_embedding: embedding,
      }),
  };
}

/** @param {number[]} dims @param {(i: number) => number} value */
function tensor(dims, value) {
  const length = dims.reduce((a, b) => a * b, 1);
  return new Tensor(
    'float32',
    Float32Array.from({ length }, (_, i) => value(i)),
    dims,
  );
}
