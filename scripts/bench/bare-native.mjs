// A process of its own: onnxruntime-node and a pack's graph, nothing else.
//   node bare-native.mjs FOLDER THREADS RUNS    prints {"batch": [ms, …], "singles": [ms, …]}
// `singles` runs the five positions one after the other, as the reference implementation does.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const [folder = '', threads = '1', runs = '1'] = process.argv.slice(2);
/** @type {import('../../src/core/pack/manifest.js').Manifest} */
const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
const { side, channels, grid, width } = manifest.architecture;
const { vision, visionWeights } = manifest.files;
const session = await InferenceSession.create(readFileSync(join(folder, vision.path)), {
  executionProviders: ['cpu'],
  intraOpNumThreads: Number(threads),
  interOpNumThreads: 1,
  graphOptimizationLevel: 'all',
  externalData: [{ path: visionWeights.path, data: readFileSync(join(folder, visionWeights.path)) }],
});

const patches = grid[0] * grid[1];
/** @param {number[]} dims @param {(i: number) => number} value */
const tensor = (dims, value) =>
  new Tensor(
    'float32',
    Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => value(i)),
    dims,
  );
const pixels = tensor([1, channels, side, side], (i) => Math.sin(i));
const embedding = tensor([1, patches, width], (i) => 0.1 * Math.cos(i));
const masks = (/** @type {number} */ rows) => tensor([rows, patches, 1], (i) => i % 2);
const feeds = (/** @type {number} */ rows) => ({ pixels, patch_mask: masks(rows), mask_embedding: embedding });

/** @param {() => Promise<unknown>} work @param {number} count */
async function time(work, count) {
  await work();
  await work();
  const times = [];
  for (let i = 0; i < count; i += 1) {
    const begun = performance.now();
    await work();
    times.push(performance.now() - begun);
  }
  return times;
}

const five = feeds(5);
const one = feeds(1);
const batch = await time(() => session.run(five), Number(runs));
const singles = await time(
  async () => {
    for (let i = 0; i < 5; i += 1) await session.run(one);
  },
  Math.ceil(Number(runs) / 3),
);
process.stdout.write(JSON.stringify({ batch, singles }));
