import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tensorOf, type StateDict } from '../../core/torch/tensor.js';
import { buildPack, type BuiltPack } from '../../engine/build-pack.js';
import type { PackMeta } from '../../engine/write-pack.js';
import { nativeRuntime } from '../ports/ort-runtime.js';
import { RandomWeights } from './random-weights.js';

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

const META: PackMeta = {
  name: 'fixture',
  packVersion: '0.0.1',
  title: 'A fixture of random weights',
  stage: 'fixture',
  classes: ['normal', 'abnormal'],
  rule: { kind: 'ppad', maxAbove: 0.8 },
  threshold: { value: 0.5, how: 'not set: the weights are random' },
  licence: 'MIT',
  trainingData: [],
  metrics: [],
};

/** A whole, sound pack of random weights: it tests arithmetic and handling, not medicine. */
export async function makeFixturePack(options: Partial<FixtureOptions> = {}): Promise<BuiltPack> {
  const chosen = { ...SMALL, ...options };
  const random = gaussian(chosen.seed + 1);
  const patches = (chosen.side / chosen.patch) ** 2;
  const mask = Float32Array.from({ length: patches * chosen.width }, () => 0.2 * random());
  const prompts = new Map([
    ['mask_embedding', tensorOf([1, patches, chosen.width], mask)],
    ['text_features', tensorOf([5, 2, chosen.embed], unitRows(10, chosen.embed, random))],
    ['logit_scale', tensorOf([], Float32Array.of(Math.log(20)))],
  ]);
  const card = new TextEncoder().encode('# A fixture of random weights\n');
  return buildPack({ clip: randomClip(chosen), prompts, meta: META, card, storage: chosen.storage }, nativeRuntime(1));
}

/** Writes a pack's files into a folder, which is made. */
export function writePack(folder: string, files: BuiltPack['files']): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
}

/** A CLIP vision tower of random weights, by OpenAI's names. */
export function randomClip({ width, layers, patch, side, embed, seed }: FixtureOptions): StateDict {
  const weights = new RandomWeights(gaussian(seed), 'visual.');
  weights.add('conv1.weight', [width, 3, patch, patch], 1 / patch);
  weights.add('class_embedding', [width], 0.5);
  weights.add('positional_embedding', [(side / patch) ** 2 + 1, width], 0.2);
  weights.norm('ln_pre', width);
  weights.blocks(layers, width);
  weights.norm('ln_post', width);
  weights.add('proj', [width, embed], width ** -0.5);
  return new Map(Array.from(weights.tensors, ([name, { dims, data }]) => [name, tensorOf(dims, data)]));
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
export function gaussian(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
