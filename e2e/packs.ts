import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { WORK } from '../scripts/paths.mjs';
import { makeFixturePack, writePack } from '../src/cli/testing/fixture-pack.js';

const HOME = join(WORK, 'e2e-packs');

/** Folders to lay over the built page, each with another pack in the default pack's place. */
export const OVERLAYS = {
  /** Random weights in CLIP's smallest likeness, whole and sound: a grid of 7 x 7 patches of 32 pixels. */
  sound: join(HOME, 'sound'),
  /** The same, with a golden vector that no machine can reproduce. */
  wrongGolden: join(HOME, 'wrong-golden'),
  /** The same, with one bit of the weights changed. */
  wrongBytes: join(HOME, 'wrong-bytes'),
};

/** Where in an overlay the page looks for its pack. */
export const packIn = (overlay: string): string => join(overlay, 'models/default');

/** Playwright's global setup: the specs stand on these packs, so that none depends on trained weights. */
export default async function makePacks(): Promise<void> {
  rmSync(HOME, { recursive: true, force: true });
  const { manifest, files } = await makeFixturePack();
  writePack(packIn(OVERLAYS.sound), files);

  const logits = manifest.golden.logits.map(([normal, abnormal]) => [abnormal + 3, normal - 3]);
  const lying = new TextEncoder().encode(JSON.stringify({ ...manifest, golden: { logits } }));
  writePack(packIn(OVERLAYS.wrongGolden), new Map([...files, ['manifest.json', lying]]));

  const { path } = manifest.files.visionWeights;
  const weights = Uint8Array.from(files.get(path) ?? []);
  weights[weights.length >> 1]! ^= 1;
  writePack(packIn(OVERLAYS.wrongBytes), new Map([...files, [path, weights]]));
}
