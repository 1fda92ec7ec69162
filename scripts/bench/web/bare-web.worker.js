// onnxruntime-web and a pack's graph, nothing else. Gets {base, ort, threads, runs}, answers with times in ms.
import * as ort from './ort.wasm.min.mjs';

/** @type {ort.InferenceSession | undefined} */
let session;
/** @type {Record<string, ort.Tensor>} */
let feeds = {};

self.onmessage = async ({ data: { base, ortPath, threads, runs } }) => {
  if (!session) {
    ort.env.wasm.wasmPaths = new URL(ortPath, base).href;
    ort.env.wasm.numThreads = threads;
    const read = async (path) => new Uint8Array(await (await fetch(new URL(`models/default/${path}`, base))).arrayBuffer());
    const manifest = JSON.parse(new TextDecoder().decode(await read('manifest.json')));
    const { vision, visionWeights } = manifest.files;
    session = await ort.InferenceSession.create(await read(vision.path), {
      executionProviders: ['wasm'],
      graphOptimizationLevel: 'all',
      externalData: [{ path: visionWeights.path, data: await read(visionWeights.path) }],
    });
    feeds = inputs(manifest.architecture);
    for (let i = 0; i < 2; i += 1) await session.run(feeds);
  }
  const times = [];
  for (let i = 0; i < runs; i += 1) {
    const begun = performance.now();
    await session.run(feeds);
    times.push(performance.now() - begun);
  }
  self.postMessage(times);
};

function inputs({ side, channels, grid, width }) {
  const patches = grid[0] * grid[1];
  const tensor = (dims, value) =>
    new ort.Tensor(
      'float32',
      Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => value(i)),
      dims,
    );
  return {
    pixels: tensor([1, channels, side, side], (i) => Math.sin(i)),
    patch_mask: tensor([5, patches, 1], (i) => i % 2),
    mask_embedding: tensor([1, patches, width], (i) => 0.1 * Math.cos(i)),
  };
}
