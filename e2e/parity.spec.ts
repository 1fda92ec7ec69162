import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ROOT, WORK } from '../scripts/paths.mjs';
import { runPpad } from '../src/cli/testing/run-ppad.js';
import type { ScoreResult } from '../src/core/result.js';
import { fixtureFilm, phantom, phantom16 } from './films.js';
import { expect, test } from './fixtures.js';
import { OVERLAYS, packIn } from './packs.js';
import { overhear, type Reader } from './reader.js';

const GOLDEN = join(ROOT, '../shared/reference/images');
const FIXTURES = ['grey.jpg', 'ycc-420.jpg', 'exif-6.jpg', 'lossy.webp', 'grey-alpha16.png', 'grey16-adam7.png', 'palette8.png'];

/** Everything that a score stands on, in the page and on the command line. */
async function compare(reader: Reader, paths: readonly string[]): Promise<void> {
  const heard = await overhear(reader.page);
  await reader.open();
  for (const path of paths) {
    await reader.give(path);
    await reader.read(basename(path));
  }
  const inPage = await heard();
  expect(inPage).toHaveLength(paths.length);

  const { out, err, status } = await runPpad(['score', '--pack', packIn(OVERLAYS.sound), '--json', ...paths]);
  expect(err).toBe('');
  expect(status).toBe(0);
  const lines = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ScoreResult & { file: string });
  expect(lines.map(({ file }) => file)).toEqual(paths);

  for (const [i, native] of lines.entries()) {
    await test.step(basename(native.file), () => {
      const page = inPage[i];
      expect.soft(page?.inputDigest).toBe(native.inputDigest);
      expect.soft(page?.film).toEqual(native.film);
      // A line says the pack's stage too; the page has it beside the result.
      expect.soft({ ...page?.pack, stage: 'fixture' }).toEqual(native.pack);
      expect.soft(page?.rule).toBe(native.rule);
      expect.soft(page?.aboveThreshold).toBe(native.aboveThreshold);
      expect.soft(Math.abs((page?.score ?? NaN) - native.score)).toBeLessThan(1e-3);
      for (const [k, position] of native.positions.entries()) {
        const here = page?.positions[k];
        expect.soft(here?.id).toBe(position.id);
        expect.soft(Math.abs((here?.probability ?? NaN) - position.probability)).toBeLessThan(1e-3);
        for (const side of [0, 1] as const)
          expect.soft(Math.abs((here?.logits[side] ?? NaN) - position.logits[side])).toBeLessThan(1e-3);
      }
      expect.soft(page?.backend).toMatch(/^wasm/);
      expect.soft(native.backend).toBe('native');
      return Promise.resolve();
    });
  }
}

test('page and command line give equal scores to the phantom in every format', async ({ reader }) => {
  const home = join(WORK, 'e2e-films');
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const films = [
    phantom('clear.png'),
    phantom('opacity.png', { opacity: true, seed: 2 }),
    phantom('large.png', { width: 1500, height: 1800, seed: 4 }),
    phantom16('flat-panel.png'),
    ...FIXTURES.map(fixtureFilm),
  ];
  for (const { name, buffer } of films) writeFileSync(join(home, name), buffer);
  await compare(
    reader,
    films.map(({ name }) => join(home, name)),
  );
});

test('page and command line give equal scores to the reference films', async ({ reader }) => {
  test.skip(!existsSync(GOLDEN), 'the reference films (../shared/reference/images) are not on this machine');
  const names = readdirSync(GOLDEN).filter((name) => /\.(png|jpg)$/.test(name));
  expect(names.length).toBeGreaterThan(0);
  await compare(
    reader,
    names.map((name) => join(GOLDEN, name)),
  );
});
