// `npm run test:slow [-- FILTER]`: what takes minutes, or needs Python's packages; a test that lacks what it needs says so and is skipped.
// `-- worklist` is the list of 1,000 films in Chromium alone, `-- import` all of checkpoints.
import { ensureCli } from './steps/build-cli.mjs';
import { ensurePage } from './steps/build-page.mjs';
import { ensureChromium } from './steps/chromium.mjs';
import { ensureInstalled } from './steps/install.mjs';
import { run, runModule } from './steps/run.mjs';

const filters = process.argv.slice(2);
await ensureInstalled();
await ensureCli();
const statuses = [];
if (filters.join() !== 'worklist') statuses.push(await vitest(), await chromium(playwright));
if (filters.length === 0 || filters.includes('worklist')) statuses.push(await chromium(worklist));
process.exitCode = Math.max(...statuses);

async function vitest() {
  const args = ['run', '--config', 'vitest.slow.config.ts', '--passWithNoTests', ...filters];
  const { status } = await runModule('vitest/vitest.mjs', args);
  return status;
}

/** What needs a browser is skipped without one. @param {(env: NodeJS.ProcessEnv) => Promise<number>} work */
async function chromium(work) {
  const { problem, path } = await ensureChromium();
  if (problem) console.log(`${work.name} in Chromium: skipped. ${problem}`);
  return problem ? 0 : work(path ? { CHROME_PATH: path } : {});
}

/** @param {NodeJS.ProcessEnv} env */
async function playwright(env) {
  if (!(await ensurePage())) return 1;
  const args = ['test', '--project', 'slow', '--reporter', 'list', '--pass-with-no-tests', ...filters];
  const { status } = await runModule('@playwright/test/cli.js', args, { env: { PPAD_SLOW: '1', ...env } });
  return status;
}

/** The list of 1,000 films. Fails where a figure is beyond its bar, which it also is on a machine that has other things to do. @param {NodeJS.ProcessEnv} env */
async function worklist(env) {
  const { status } = await run(process.execPath, ['scripts/bench-worklist.mjs'], { env });
  return status;
}
