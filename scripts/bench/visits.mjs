import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dropFilm, launchWithProfile, PROBE, serveWith } from './browser.mjs';
import { median } from './numbers.mjs';

const ROUNDS = 3;

/**
 * Time from opening the page to the first painted score, with nothing cached and with everything cached, and what the first
 * visit transfers.
 *
 * @param {import('./material.mjs').Pack} pack @param {string} films a folder
 * @returns {Promise<import('./numbers.mjs').Row[]>}
 */
export async function benchVisits(pack, films) {
  const film = readFileSync(join(films, readdirSync(films)[0] ?? ''));
  const site = await serveWith(pack);
  /** @type {number[]} */
  const cold = [];
  /** @type {number[]} */
  const warm = [];
  /** @type {number[]} */
  const sent = [];
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { context, close } = await launchWithProfile();
      const before = site.sentBytes();
      cold.push(await visit(context, site.url, film));
      sent.push(site.sentBytes() - before);
      warm.push(await visit(context, site.url, film));
      await close();
    }
  } finally {
    site.close();
  }
  const seconds = (/** @type {number} */ value) => `${(value / 1000).toFixed(2)} s`;
  const [first, again, bytes] = [median(cold), median(warm), median(sent) / 1e6];
  return [
    { what: `${pack.name}: cold visit to first score`, measured: seconds(first), wanted: '< 4 s', holds: first < 4000 },
    { what: `${pack.name}: transferred by it`, measured: `${bytes.toFixed(2)} MB`, wanted: '≤ 12 MB', holds: bytes <= 12 },
    { what: `${pack.name}: warm visit to first score`, measured: seconds(again), wanted: '< 1.5 s', holds: again < 1500 },
  ];
}

/** @param {import('@playwright/test').BrowserContext} context @param {string} url @param {Buffer} film */
async function visit(context, url, film) {
  const page = await context.newPage();
  await page.addInitScript(PROBE);
  const begun = performance.now();
  await page.goto(url, { waitUntil: 'commit' });
  await page.getByTestId('drop-zone').waitFor();
  await dropFilm(page, film);
  // dropFilm waits 20 ms before the drop, and 100 ms for stragglers after the result is painted.
  const took = performance.now() - begun - 120;
  await page.close();
  return took;
}
