import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inferArchitecture } from '../../core/clip/architecture.js';
import { drawPhantom } from '../../core/film/phantom.js';
import { resizeSteps } from '../../core/film/resize.js';
import { collectWeights } from '../../core/graph/weight-file.js';
import { buildVisionGraph } from '../../core/graph/vision-graph.js';
import { sha256 } from '../../core/pack/hash.js';
import { MANIFEST_VERSION, type Manifest, type PackFile } from '../../core/pack/manifest.js';
import { patchMasks, REGIONS } from '../../core/ppad/positions.js';
import { computeLogits } from '../../core/ppad/scoring.js';
import { POSITION_IDS } from '../../core/result.js';
import { writeSafetensors } from '../../core/torch/safetensors.js';
import { tensorOf, type StateDict } from '../../core/torch/tensor.js';
import { normalise } from '../../engine/model.js';
import { nativeRuntime } from '../ports/ort-runtime.js';

export interface FixtureOptions {
  readonly width: number;
  readonly layers: number;
  readonly patch: number;
  readonly side: number;
  readonly embed: number;
  readonly storage: 'float16' | 'float32';
  readonly seed: number;
}

const SMALL: FixtureOptions = { width: 64, layers: 2, patch: 32, side: 224, embed: 64, storage: 'float32', seed: 1 };
const NAMES = ["patient's right lung", "patient's left lung", 'upper lung', 'lower lung', 'whole film'];
const FLIPPED: Readonly<Record<string, string>> = { left: "patient's left lung", right: "patient's right lung" };

export type FixtureFiles = ReadonlyMap<string, Uint8Array>;

/** Files of a whole, sound pack of random weights, `manifest.json` among them: it tests arithmetic and handling, not medicine. */
export async function makeFixturePack(options: Partial<FixtureOptions> = {}): Promise<FixtureFiles> {
  const chosen = { ...SMALL, ...options };
  const tensors = randomClip(chosen);
  const { vision } = inferArchitecture(tensors);
  const graph = buildVisionGraph(vision, tensors, { storage: chosen.storage, weightsPath: 'vision.bin' });
  const weights = await collectWeights(graph.weights);
  const random = gaussian(chosen.seed + 1);
  const patches = vision.grid[0] * vision.grid[1];
  const maskEmbedding = {
    dims: [1, patches, vision.width],
    data: Float32Array.from({ length: patches * vision.width }, () => 0.2 * random()),
  };
  const textFeatures = { dims: [5, 2, vision.embed], data: unitRows(10, vision.embed, random) };
  const prompts = writeSafetensors(
    new Map([
      ['mask_embedding', maskEmbedding],
      ['text_features', textFeatures],
    ]),
  );
  const phantom = drawPhantom({ width: 256, height: 256, opacity: true });
  const golden = resizeSteps(phantom, [vision.side]);
  const preprocessing = { steps: [vision.side], mean: 0.39799, std: 0.32721349 };
  const { side, channels, grid, width, layers, heads, embed, stem, parameters } = vision;
  const architecture = {
    side,
    channels,
    grid: [grid[0], grid[1]] as [number, number],
    width,
    layers,
    heads,
    embed,
    stem,
    parameters,
  };

  const session = await nativeRuntime(1).open({ model: graph.model, external: [{ path: 'vision.bin', data: weights }] });
  const outputs = await session.run({
    pixels: normalise(golden, architecture, preprocessing),
    patch_mask: patchMasks(grid, REGIONS),
    mask_embedding: { dims: maskEmbedding.dims, data: maskEmbedding.data },
  });
  await session.release();
  const logitScale = 20;
  const logits = computeLogits({ logitScale, imageFeatures: outputs['features']!.data, textFeatures: textFeatures.data });

  const files = new Map<string, Uint8Array>([
    ['vision.onnx', graph.model],
    ['vision.bin', weights],
    ['prompts.safetensors', prompts],
    ['golden.bin', golden],
    ['card.md', new TextEncoder().encode('# A fixture of random weights\n')],
  ]);
  const facts = (path: string): PackFile => ({ path, bytes: files.get(path)!.byteLength, sha256: sha256(files.get(path)!) });
  const manifest: Manifest = {
    format: 'ppad-pack',
    version: MANIFEST_VERSION,
    name: 'fixture',
    packVersion: '0.0.1',
    title: 'A fixture of random weights',
    stage: 'fixture',
    architecture,
    preprocessing,
    positions: POSITION_IDS.map((id, i) => ({
      id,
      mask: { rows: [...REGIONS[i]!.rows], columns: [...REGIONS[i]!.columns] },
      prompt: id,
      name: { en: NAMES[i]! },
      ...(FLIPPED[id] === undefined ? {} : { flippedName: { en: FLIPPED[id] } }),
    })),
    classes: ['normal', 'abnormal'],
    logitScale,
    rule: { kind: 'ppad', maxAbove: 0.8 },
    threshold: { value: 0.5, how: 'not set: the weights are random' },
    files: {
      vision: facts('vision.onnx'),
      visionWeights: facts('vision.bin'),
      prompts: facts('prompts.safetensors'),
      golden: facts('golden.bin'),
      card: facts('card.md'),
    },
    golden: { logits: logits.map(([normal, abnormal]) => [normal, abnormal]) },
    licence: 'MIT',
    trainingData: [],
    metrics: [],
  };
  files.set('manifest.json', new TextEncoder().encode(JSON.stringify(manifest)));
  return files;
}

/** Writes a pack's files into a folder, which is made. */
export function writePack(folder: string, files: FixtureFiles): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
}

/** A CLIP vision tower of random weights, by OpenAI's names. */
function randomClip({ width, layers, patch, side, embed, seed }: FixtureOptions): StateDict {
  const random = gaussian(seed);
  const tensors = new Map<string, ReturnType<typeof tensorOf>>();
  const add = (name: string, dims: readonly number[], scale: number, offset = 0): void => {
    const count = dims.reduce((product, dim) => product * dim, 1);
    tensors.set(
      `visual.${name}`,
      tensorOf(
        dims,
        Float32Array.from({ length: count }, () => offset + scale * random()),
      ),
    );
  };
  const norm = (name: string): void => {
    add(`${name}.weight`, [width], 0.1, 1);
    add(`${name}.bias`, [width], 0.1);
  };
  add('conv1.weight', [width, 3, patch, patch], 1 / patch);
  add('class_embedding', [width], 0.5);
  add('positional_embedding', [(side / patch) ** 2 + 1, width], 0.2);
  norm('ln_pre');
  for (let i = 0; i < layers; i++) {
    const block = `transformer.resblocks.${i}`;
    norm(`${block}.ln_1`);
    add(`${block}.attn.in_proj_weight`, [3 * width, width], width ** -0.5);
    add(`${block}.attn.in_proj_bias`, [3 * width], 0.1);
    add(`${block}.attn.out_proj.weight`, [width, width], width ** -0.5);
    add(`${block}.attn.out_proj.bias`, [width], 0.1);
    norm(`${block}.ln_2`);
    add(`${block}.mlp.c_fc.weight`, [4 * width, width], width ** -0.5);
    add(`${block}.mlp.c_fc.bias`, [4 * width], 0.1);
    add(`${block}.mlp.c_proj.weight`, [width, 4 * width], (4 * width) ** -0.5);
    add(`${block}.mlp.c_proj.bias`, [width], 0.1);
  }
  norm('ln_post');
  add('proj', [width, embed], width ** -0.5);
  return tensors;
}

function unitRows(rows: number, width: number, random: () => number): Float32Array {
  const values = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const vector = Array.from({ length: width }, random);
    const length = Math.hypot(...vector);
    values.set(
      vector.map((value) => value / length),
      row * width,
    );
  }
  return values;
}

/** Normally distributed numbers, the same for the same seed (mulberry32 through Box and Muller). */
function gaussian(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
