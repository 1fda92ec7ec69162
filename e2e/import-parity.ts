import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../scripts/paths.mjs';
import { expect, test } from './fixtures.js';
import { ModelsPage, NO_REFERENCE, referenceFile } from './models-page.js';
import { overhear, type Reader } from './reader.js';

interface Expected {
  readonly images: Readonly<Record<string, { readonly logits: readonly (readonly [number, number])[]; readonly score: number }>>;
}

const FILMS = join(ROOT, '../shared/reference/images');

/** The golden checkpoints, as a reader would give them: a CLIP and its prompts are dropped together. */
const CHECKPOINTS = [
  { folder: 'patch32', files: ['ppad.pt'] },
  { folder: 'patch16-half', files: ['clip.pt', 'prompts.pt'] },
  { folder: 'patch14-mixed', files: ['ppad.pt'] },
] as const;

/** Imports each golden checkpoint in the page and compares the page's scores of the golden films with the reference's. */
export function compareWithReference(backend: 'wasm' | 'webgpu', films: number): void {
  for (const { folder, files } of CHECKPOINTS)
    test(`${folder} scores on ${backend} as the reference implementation does`, async ({ page, reader }, info) => {
      test.setTimeout(300_000);
      const paths = files.map((file) => referenceFile(`${folder}/${file}`));
      const expectedFile = referenceFile(`${folder}/expected.json`);
      test.skip(paths.includes(undefined) || expectedFile === undefined, NO_REFERENCE);
      const { images } = JSON.parse(readFileSync(expectedFile!, 'utf8')) as Expected;
      const names = Object.keys(images).slice(0, films);

      const heard = await overhear(page);
      const models = new ModelsPage(page);
      await reader.open(`?backend=${backend}`);
      await models.open();
      await models.give(...paths.map((path) => path!));
      await models.step('review');
      await models.incoming.getByText('float32 (').click();
      await models.incoming.locator('button[type="submit"]').click();
      await models.step('done');
      await models.close();
      await readAll(reader, names);

      const results = await heard();
      expect(results).toHaveLength(names.length);
      let worstLogit = 0;
      let worstProbability = 0;
      for (const [i, name] of names.entries()) {
        const result = results[i]!;
        const wanted = images[name]!;
        expect(result.backend).toBe(backend);
        for (const [position, pair] of wanted.logits.entries())
          for (const side of [0, 1] as const) {
            const off = Math.abs((result.positions[position]?.logits[side] ?? NaN) - pair[side]);
            worstLogit = Math.max(worstLogit, off);
            expect
              .soft(off, `${name}, logit ${position}.${side}`)
              .toBeLessThanOrEqual(Math.max(5e-3, 2e-3 * Math.abs(pair[side])));
          }
        const off = Math.abs(result.score - wanted.score);
        worstProbability = Math.max(worstProbability, off);
        expect.soft(off, `${name}, image score`).toBeLessThanOrEqual(0.005);
      }
      info.annotations.push({
        type: 'parity',
        description: `${folder} ${backend}: ${names.length} films, logits within ${worstLogit.toExponential(1)}, image score within ${worstProbability.toExponential(1)}`,
      });
    });
}

async function readAll(reader: Reader, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await reader.give(join(FILMS, name));
    await reader.read(name);
  }
}
