// `npm run test:slow [-- FILTER]`: what takes minutes, or needs Python's packages; a test that lacks what it needs says so and is skipped.
// `-- worklist` is the list of 1,000 films in Chromium alone.
import { ensureCli } from './steps/build-cli.mjs';
import { ensureChromium } from './steps/chromium.mjs';
import { ensureInstalled } from './steps/install.mjs';
import { run, runModule } from './steps/run.mjs';

const filters = process.argv.slice(2);
await ensureInstalled();
await ensureCli();
const statuses = [
  filters.join() === 'worklist' ? 0 : await vitest(),
  filters.length === 0 || filters.includes('worklist') ? await worklist() : 0,
];
process.exitCode = Math.max(...statuses);

async function vitest() {
  const { status } = await runModule('vitest/vitest.mjs', ['run', '--config', 'vitest.slow.config.ts', ...filters]);
  return status;
}

/** Fails where a figure is beyond its bar, which it also is on a machine that has other things to do. */
async function worklist() {
  const chromium = await ensureChromium();
  if (chromium.problem) {
    console.log(`list of 1,000 films: skipped. ${chromium.problem}`);
    return 0;
  }
  const { status } = await run(process.execPath, ['scripts/bench-worklist.mjs'], {
    env: chromium.path ? { CHROME_PATH: chromium.path } : {},
  });
  return status;
}
