import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBare, runBare } from './bare-web.mjs';
import { dropFilm, launch, PROBE, serveWith } from './browser.mjs';
import { median, ms, ratioRow } from './numbers.mjs';

/** @typedef {import('./numbers.mjs').Row} Row */

/** Films to drop, and how long that may take; each film once is the least. */
const INFERENCES = 200;
const PATIENCE_MS = 240_000;
/** Films whose times are left out: the page's code is still being compiled. */
const WARM_UP = 2;

/**
 * The page's inference against onnxruntime-web alone, and what the page adds to it from drop to paint.
 *
 * @param {import('./material.mjs').Pack} pack @param {string} films a folder @param {number | undefined} native ms of one native inference
 * @returns {Promise<Row[]>}
 */
export async function benchPage(pack, films, native) {
  const site = await serveWith(pack);
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.addInitScript(PROBE);
    await page.goto(`${site.url}?backend=wasm`);
    const bare = await openBare(browser, site.url);

    /** @type {Awaited<ReturnType<typeof dropFilm>>[]} */
    const drops = [];
    /** @type {number[]} */
    const alone = [];
    const names = readdirSync(films);
    const begun = performance.now();
    // In turns, so that a busy machine slows both.
    for (let i = 0; i < names.length || (i < INFERENCES + WARM_UP && performance.now() - begun < PATIENCE_MS); i += 1) {
      drops.push(await dropFilm(page, readFileSync(join(films, names[i % names.length] ?? ''))));
      alone.push(...(await runBare(bare, 1)));
    }
    const warm = drops.slice(WARM_UP);
    const inference = median(warm.map((drop) => drop.inference));
    const added = median(warm.map((drop) => drop.toPaint - drop.inference));
    const longest = Math.max(0, ...warm.flatMap((drop) => drop.longTasks));
    /** @type {Row[]} */
    const rows = [
      ratioRow(
        `${pack.name}: page inference / onnxruntime-web alone (wasm; ${warm.length} and ${alone.length} runs)`,
        inference,
        median(alone),
        1.05,
      ),
      {
        what: `${pack.name}: drop to painted result, less inference (JPEG, 2.1 megapixels)`,
        measured: `${ms(added)} (decode ${ms(median(warm.map((d) => d.decode)))}, resize ${ms(median(warm.map((d) => d.preprocess)))})`,
        wanted: '≤ 120 ms',
        holds: added <= 120,
      },
      {
        what: `${pack.name}: longest main-thread task over 50 ms`,
        measured: longest === 0 ? 'none' : ms(longest),
        wanted: 'none',
        holds: longest === 0,
      },
    ];
    if (native !== undefined)
      rows.push({
        what: `${pack.name}: page inference / native`,
        measured: `${(inference / native).toFixed(2)} (${ms(inference)} / ${ms(native)})`,
      });
    return rows;
  } finally {
    await browser.close();
    site.close();
  }
}
