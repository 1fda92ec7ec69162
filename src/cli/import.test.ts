import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REFERENCE, REFERENCE_IS_THERE } from '../core/graph/testing/reference.js';
import { runPpad } from './testing/run-ppad.js';

const LONG = 300_000;
let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'ppad-import-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe.skipIf(!REFERENCE_IS_THERE)('import and inspect (skipped where ../shared/reference is absent)', () => {
  it(
    'makes one file that is a sound pack, and does not write over it',
    async () => {
      const out = join(home, 'model.ppad');
      const args = ['import', `${REFERENCE}patch16-half/clip.pt`, '--classes', 'clear.,effusion.', '--out', out];
      const { status, out: said } = await runPpad(args);
      expect(status).toBe(0);
      expect(said).toContain('without learned prompts');
      expect(said).toContain('classes clear., effusion.');
      expect(readdirSync(home)).toEqual(['model.ppad']);
      const before = readFileSync(out);
      expect(await runPpad(['pack', 'verify', out])).toMatchObject({ status: 0, err: '' });
      const again = await runPpad(args);
      expect(again.status).toBe(2);
      expect(again.err).toContain('is there already');
      expect(readFileSync(out)).toEqual(before);
      rmSync(out);
    },
    LONG,
  );

  it(
    'leaves nothing of a checkpoint that is cut short, and says where it ends',
    async () => {
      const cut = join(home, 'cut.pt');
      writeFileSync(cut, readFileSync(`${REFERENCE}patch16-half/prompts.legacy.pt`).subarray(0, 30_000));
      for (const out of ['folder', 'file.ppad']) {
        const { status, out: printed, err } = await runPpad(['import', cut, '--out', join(home, out)]);
        expect({ status, printed }).toEqual({ status: 1, printed: '' });
        expect(err).toMatch(/ends early: .* offset \d+/);
      }
      expect(readdirSync(home)).toEqual(['cut.pt']);
    },
    LONG,
  );

  it(
    'tells what a file is and what would be built',
    async () => {
      const { out } = await runPpad(['inspect', '--json', `${REFERENCE}patch16-half/prompts.legacy.pt`]);
      expect(JSON.parse(out)).toMatchObject({ kind: 'ppad-prompts', container: 'legacy', willBuild: 'needs-backbone' });
      const { out: text } = await runPpad(['inspect', `${REFERENCE}patch14-mixed/ppad.pt`]);
      for (const line of [
        /^file +ppad\.pt: a PPAD checkpoint with its CLIP inside \(zip\), [\d.]+ MB$/m,
        /^would build +a pack with learned prompts$/m,
        /^vision +2 blocks of 64, 16 x 16 patches of a side of 224 pixels, [\d.]+ M parameters$/m,
        /^text +2 blocks of 64, 49408 tokens, context of 77$/m,
        /^classes +normal, pneumonia$/m,
        /^float16 +[\d.]+ MB, with the text tower [\d.]+ MB$/m,
        /^not used +nothing$/m,
      ])
        expect(text).toMatch(line);
      expect(text).toMatch(/prompt_learner_ctx\.ctx +float16 +16 x 64/);
    },
    LONG,
  );
});
