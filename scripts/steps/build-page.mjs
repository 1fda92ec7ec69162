import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PAGE } from '../paths.mjs';
import { runModule } from './run.mjs';
import { staleness } from './stale.mjs';

const INPUTS = [
  'index.html',
  'models/default',
  'package-lock.json',
  'package.json',
  'public',
  'scripts/build',
  'scripts/server/headers.mjs',
  'src/core',
  'src/engine',
  'src/shell',
  'src/state',
  'src/sw',
  'src/ui',
  'src/worker',
  'vite.config.ts',
];

/**
 * Builds the page into dist/web if its sources have changed since the last build.
 *
 * @returns {Promise<boolean>} whether the page is there now
 */
export async function ensurePage() {
  const build = staleness(`${PAGE}.stamp`, INPUTS);
  if (!build.stale && existsSync(join(PAGE, 'index.html'))) return true;
  build.forget();
  const { status } = await runModule('vite/bin/vite.js', ['build', '--logLevel', 'warn']);
  if (status === 0) build.settle();
  return status === 0;
}
