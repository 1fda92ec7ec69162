// `npm run bench`: how fast it all is, as a Markdown table on standard output.
//   node scripts/bench.mjs [native|page|visits|evaluate …]    all of them by default
import { benchNative, benchEvaluate } from './bench/native.mjs';
import { largeFilms, packs, realFilms } from './bench/material.mjs';
import { markdown } from './bench/numbers.mjs';
import { benchPage } from './bench/page.mjs';
import { benchVisits } from './bench/visits.mjs';
import { ensureCli } from './steps/build-cli.mjs';
import { ensurePage } from './steps/build-page.mjs';
import { ensureInstalled } from './steps/install.mjs';

/** @typedef {import('./bench/numbers.mjs').Row} Row */

await ensureInstalled();
await ensureCli();
if (!(await ensurePage())) process.exit(1);

const wanted = process.argv.slice(2);
const asked = (/** @type {string} */ part) => wanted.length === 0 || wanted.includes(part);
/** @type {Row[]} */
const rows = [];
/** @param {string} text */
const say = (text) => process.stderr.write(`${text}\n`);

const films = await largeFilms(12);
const [first, ...others] = await packs();
if (!first) throw new Error('No pack to measure.');

for (const pack of [first, ...others]) {
  say(`${pack.name}: command line ...`);
  const native = asked('native') ? await benchNative(pack, films) : undefined;
  rows.push(...(native?.rows ?? []));
  say(`${pack.name}: page ...`);
  if (asked('page')) rows.push(...(await benchPage(pack, films, native?.bare)));
  if (pack !== first) continue;
  say(`${pack.name}: visits ...`);
  if (asked('visits')) rows.push(...(await benchVisits(pack, films)));
  if (!asked('evaluate')) continue;
  say(`${pack.name}: evaluate ...`);
  const real = realFilms(500);
  if (real) rows.push(...(await benchEvaluate(pack, 'real films of 320 x 320', real, 0.85)));
  rows.push(...(await benchEvaluate(pack, 'films of 2.1 megapixels', { normal: films, abnormal: films }, undefined)));
}
console.log(markdown(rows));
