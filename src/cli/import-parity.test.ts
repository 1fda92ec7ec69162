import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FOLDERS, readExpected, REFERENCE_IS_THERE } from '../core/graph/testing/reference.js';
import { parsePromptSet } from '../core/pack/prompt-set.js';
import {
  checkOtherClasses,
  checkpointOf,
  checkScores,
  checkZeroShot,
  FILMS,
  score,
} from '../engine/testing/checkpoint-parity.js';
import { runPpad } from './testing/run-ppad.js';

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'ppad-parity-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const LONG = 300_000;

// What is left out here (half weights, WebAssembly and zero-shot for every folder) is in import-parity.slow.test.ts.
describe.skipIf(!REFERENCE_IS_THERE)("the reference's checkpoints, scored (skipped where ../shared/reference is absent)", () => {
  it.each(FOLDERS)(
    '%s gives its logits, probabilities, image scores and rules',
    async (folder) => {
      const lines = await score(checkpointOf(folder), FILMS, 'native', '--storage', 'float32');
      expect(lines).toHaveLength(8);
      checkScores(folder, lines, 'float32');
    },
    LONG,
  );

  it(
    'gives the same on WebAssembly',
    async () => {
      const lines = await score(checkpointOf('patch32'), `${FILMS}/nih-1.jpg`, 'wasm-single', '--storage', 'float32');
      checkScores('patch32', lines, 'float32');
    },
    LONG,
  );

  it(
    'gives the zero-shot logits of a bare CLIP',
    async () => {
      const [clip] = checkpointOf('patch16-half');
      checkZeroShot('patch16-half', await score([clip], `${FILMS}/nih-1.jpg`, 'native', '--storage', 'float32'));
    },
    LONG,
  );

  it(
    'is imported with its text features, and takes other words afterwards',
    async () => {
      const expected = readExpected('patch14-mixed');
      const out = join(home, 'pack');
      const checkpoint = checkpointOf('patch14-mixed');
      const { status } = await runPpad(['import', ...checkpoint, '--storage', 'float32', '--keep-text', '--out', out]);
      expect(status).toBe(0);
      const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as { architecture: never; classes: string[] };
      expect(manifest.classes).toEqual(expected.classes);
      const { textFeatures } = await parsePromptSet(new Uint8Array(readFileSync(join(out, 'prompts.safetensors'))), manifest);
      const rows = expected.positions.flatMap((position) => expected.text_features[position]!);
      rows.forEach((row, i) => {
        const own = textFeatures.data.subarray(i * row.length, (i + 1) * row.length);
        const cosine = row.reduce((sum, value, j) => sum + value * own[j]!, 0) / Math.hypot(...row);
        expect(Math.abs(1 - cosine)).toBeLessThan(1e-4);
      });
      const { classes } = await checkOtherClasses('patch14-mixed', [out]);
      expect(classes).toEqual(expected.classes_override.classes);
    },
    LONG,
  );
});
