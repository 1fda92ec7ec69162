import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, WORK } from '../scripts/paths.mjs';
import { runPpad } from '../src/cli/testing/run-ppad.js';
import { drawPhantom, encodePng } from '../src/core/film/phantom.js';
import { parseManifest } from '../src/core/pack/manifest.js';
import type { ScoreResult } from '../src/core/result.js';
import { phantom } from './films.js';
import { expect, test } from './fixtures.js';
import { overhear } from './reader.js';

// The one spec that stands on the trained model. It fails where there is none: a project without its pack is not whole.
test.use({ overlays: [] });

const PACK = join(ROOT, 'models/default');
/** The start page's own samples. */
const KINDS = ['clear', 'opacity'] as const;

test.describe('without a network', () => {
  // What is asked of a server that is gone is told on the console: the check for a newer version.
  test.use({ expectedConsole: /net::ERR_/ });

  test('after one visit the default pack scores all the same', async ({ page, reader, server, context }) => {
    const film = phantom('film.png', { opacity: true });
    await reader.open();
    await reader.giveAndRead(film);
    const numbers = await reader.numbers();
    await reader.kept();
    server.refuse();
    await context.setOffline(true);
    await page.reload();
    await reader.giveAndRead(film);
    expect(await reader.numbers()).toEqual(numbers);
  });
});

test('the default pack is there, and page and command line read the start page’s phantoms with it alike', async ({
  page,
  reader,
}) => {
  const manifestFile = join(PACK, 'manifest.json');
  expect(existsSync(manifestFile), 'models/default/manifest.json is part of the project').toBe(true);
  const manifest = parseManifest(new Uint8Array(readFileSync(manifestFile)));
  expect(manifest.stage).not.toBe('fixture');

  const heard = await overhear(page);
  await reader.open();
  for (const kind of KINDS) {
    await page.getByTestId(`sample-${kind}`).click();
    await reader.read(`phantom-${kind}.png`);
    if (kind === 'clear') await page.locator('.brand').click();
  }
  await expect(page.getByTestId('model-name')).toHaveText(`${manifest.title} ${manifest.packVersion}`);
  if (manifest.stage === 'early') await expect(reader.result).toContainText('early checkpoint');
  await expect(reader.result).toContainText('Not a medical device');

  await test.step('the command line, which takes the default pack by itself', async () => {
    const home = join(WORK, 'e2e-default-pack');
    rmSync(home, { recursive: true, force: true });
    mkdirSync(home, { recursive: true });
    const paths = KINDS.map((kind) => join(home, `phantom-${kind}.png`));
    for (const [i, path] of paths.entries()) writeFileSync(path, encodePng(drawPhantom({ opacity: KINDS[i] === 'opacity' })));
    const { out, status } = await runPpad(['score', '--json', ...paths]);
    expect(status).toBe(0);
    const inPage = await heard();
    const native = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as ScoreResult);
    expect(native).toHaveLength(2);
    for (const [i, { inputDigest, pack, score, rule, positions }] of native.entries()) {
      const here = inPage[i];
      expect(here?.inputDigest).toBe(inputDigest);
      expect({ ...here?.pack, stage: manifest.stage }).toEqual(pack);
      expect(here?.rule).toBe(rule);
      expect(Math.abs((here?.score ?? NaN) - score)).toBeLessThan(1e-3);
      for (const [k, { probability }] of positions.entries())
        expect(Math.abs((here?.positions[k]?.probability ?? NaN) - probability)).toBeLessThan(1e-3);
    }
    // A model that gives both films one score has learned nothing, or is not what was run.
    expect(native[0]?.score).not.toBe(native[1]?.score);
  });

  await test.step('its card', async () => {
    await page.getByRole('button', { name: 'card' }).click();
    const dialog = page.getByRole('dialog', { name: /Model card/ });
    await expect(dialog.getByRole('heading').nth(1)).toBeVisible();
    await expect(dialog).toContainText(/not a medical device/i);
  });
});
