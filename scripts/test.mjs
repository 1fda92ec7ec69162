// `npm test`: all there is to test, from a bare clone on. The last line says `N passed, N failed, N skipped`.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { WORK } from './paths.mjs';
import { ensureChromium } from './steps/chromium.mjs';
import { add, NONE, playwrightCounts, vitestCounts } from './steps/counts.mjs';
import { ensureInstalled } from './steps/install.mjs';
import { runModule } from './steps/run.mjs';
import { ensureCli } from './steps/build-cli.mjs';
import { ensurePage } from './steps/build-page.mjs';

/** @typedef {import('./steps/counts.mjs').Counts} Counts */

const REPORTS = join(WORK, 'reports');
/** @type {{ name: string, seconds: number, counts: Counts }[]} */
const parts = [];

await ensureInstalled();
rmSync(REPORTS, { recursive: true, force: true });
mkdirSync(REPORTS, { recursive: true });

await part('type check', async () => passed((await runModule('typescript/bin/tsc', ['-b'])).status === 0));
await part('build of page and command line', async () => passed(await builds()));
await part('unit, parity and command-line tests', vitest);
await part('browser tests', playwright);
conclude();

/** @param {string} name @param {() => Promise<Counts>} work */
async function part(name, work) {
  console.log(`\n== ${name}`);
  const begun = performance.now();
  /** @type {Counts} */
  let counts;
  try {
    counts = await work();
  } catch (error) {
    console.error(error);
    counts = passed(false);
  }
  parts.push({ name, seconds: (performance.now() - begun) / 1000, counts });
}

/** A step that passes or fails as a whole counts as one test. @param {boolean} ok @returns {Counts} */
function passed(ok) {
  return { ...NONE, passed: ok ? 1 : 0, failed: ok ? 0 : 1 };
}

async function builds() {
  await ensureCli();
  return ensurePage();
}

async function vitest() {
  const report = join(REPORTS, 'vitest.json');
  const { status } = await runModule('vitest/vitest.mjs', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  return checked(vitestCounts(report), status);
}

async function playwright() {
  const chromium = await ensureChromium();
  if (chromium.problem) {
    console.error(chromium.problem);
    return passed(false);
  }
  const report = join(REPORTS, 'playwright.json');
  const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: report, ...(chromium.path ? { CHROME_PATH: chromium.path } : {}) };
  const { status } = await runModule('@playwright/test/cli.js', ['test', '--reporter=list,json'], { env });
  return checked(playwrightCounts(report), status);
}

/** A runner that ran nothing, or failed without a failed test, has failed. @param {Counts} counts @param {number} status */
function checked(counts, status) {
  const silent = counts.failed === 0 && (status !== 0 || counts.passed === 0);
  return silent ? add(counts, passed(false)) : counts;
}

function conclude() {
  const total = parts.map((one) => one.counts).reduce(add, NONE);
  console.log('\n== summary');
  for (const { name, seconds, counts } of parts)
    console.log(`${counts.failed === 0 ? 'ok    ' : 'FAILED'} ${name}: ${sentence(counts)} (${seconds.toFixed(0)} s)`);
  process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
  console.log(sentence(total));
}

/** @param {Counts} counts */
function sentence({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
