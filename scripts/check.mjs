// `npm run check`: everything that can be said about the code without running it. `--build` adds the size limits.
import { availableParallelism } from 'node:os';
import { ensurePage } from './steps/build-page.mjs';
import { ensureInstalled } from './steps/install.mjs';
import { runModule } from './steps/run.mjs';

/** @typedef {{ name: string, module: string, args: string[] }} Check */

/** The slowest first. @type {Check[]} */
const CHECKS = [
  { name: 'eslint', module: 'eslint/bin/eslint.js', args: ['.', '--max-warnings', '0'] },
  { name: 'types', module: 'typescript/bin/tsc', args: ['-b'] },
  {
    name: 'prettier',
    module: 'prettier/bin/prettier.cjs',
    args: ['--check', '--cache', '--cache-location', '.work/prettier', '--log-level', 'warn', '.'],
  },
  {
    name: 'layers',
    module: 'dependency-cruiser/bin/dependency-cruise.mjs',
    args: ['src', '--config', '.dependency-cruiser.cjs', '--output-type', 'err'],
  },
  { name: 'unused', module: 'knip/bin/knip.js', args: ['--no-progress'] },
];
const SIZES = { name: 'sizes', module: 'size-limit/bin.js', args: [] };

await ensureInstalled();
const checks = [...CHECKS];
if (process.argv.includes('--build')) {
  if (!(await ensurePage())) process.exit(1);
  checks.push(SIZES);
}

const queue = [...checks];
let failures = 0;
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
console.log(failures === 0 ? `All ${checks.length} checks passed.` : `${failures} of ${checks.length} checks failed.`);
process.exitCode = failures === 0 ? 0 : 1;

async function work() {
  for (let check = queue.shift(); check; check = queue.shift()) {
    const begun = performance.now();
    const { status, output } = await runModule(check.module, check.args, { quiet: true });
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${check.name.padEnd(9)} ${seconds} s`);
    if (status === 0) continue;
    failures += 1;
    console.log(output.trimEnd().replace(/^/gm, '       '));
  }
}
