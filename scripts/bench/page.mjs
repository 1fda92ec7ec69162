import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBare, runBare } from './bare-web.mjs';
import { dropFilm, launch, PROBE, serveWith } from './browser.mjs';
import { median, ms, ratioRow } from './numbers.mjs';

/** @typedef {import('./numbers.mjs').Row} Row */

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
    // In turns, so that a busy machine slows both.
    for (const name of readdirSync(films)) {
      drops.push(await dropFilm(page, readFileSync(join(films, name))));
      alone.push(...(await runBare(bare, 2)));
    }
    const warm = drops.slice(2);
    const inference = median(warm.map((drop) => drop.inference));
    const added = median(warm.map((drop) => drop.toPaint - drop.inference));
    const longest = Math.max(0, ...warm.flatMap((drop) => drop.longTasks));
    /** @type {Row[]} */
    const rows = [
      ratioRow(`${pack.name}: page inference / onnxruntime-web alone (wasm)`, inference, median(alone), 1.05),
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
