// The page's list in Chromium, as a Markdown table on standard output: rate, memory and smoothness with many films.
//   node scripts/bench-worklist.mjs [COUNT]    1,000 films by default; part of `npm run test:slow`
import { largePaths, phantomPaths, realPaths } from './bench/list-material.mjs';
import { listRows } from './bench/list-rows.mjs';
import { packs } from './bench/material.mjs';
import { markdown } from './bench/numbers.mjs';
import { runList } from './bench/worklist.mjs';
import { ensurePage } from './steps/build-page.mjs';
import { ensureInstalled } from './steps/install.mjs';

await ensureInstalled();
if (!(await ensurePage())) process.exit(1);

const count = Number(process.argv[2] ?? 1000);
const say = (/** @type {string} */ text) => process.stderr.write(`${text}\n`);
const real = realPaths(count);
if (!real) say(`There are no ${count} films in ../shared/data/nih: phantoms of the same size instead, which compress otherwise.`);
const films = real ?? (await phantomPaths(count));
const [pack] = await packs();
if (!pack) throw new Error('No pack to measure.');

say(`${count} films of 320 x 320 ...`);
const small = await runList(pack, films, { turn: Math.ceil(count / 10), withMemory: true });
const few = films.slice(0, Math.min(60, count));
say(`${few.length} films of 2.1 megapixels ...`);
const large = await runList(pack, await largePaths(few), { turn: Math.ceil(few.length / 3), withMemory: false });
const rows = listRows(small, large, real ? 'real films of 320 x 320' : 'phantoms of 320 x 320');
console.log(markdown(rows));
process.exitCode = rows.some(({ holds }) => holds === false) ? 1 : 0;
