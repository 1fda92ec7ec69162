import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CLI, ROOT } from '../paths.mjs';
import { staleness } from './stale.mjs';

const INPUTS = ['package-lock.json', 'package.json', 'scripts/build', 'src/cli', 'src/core', 'src/engine'];

/**
 * Bundles src/cli/main.ts into dist/cli if its sources have changed since the last time. Packages stay outside the
 * bundle: onnxruntime-node and the decoders find their binaries beside themselves.
 *
 * @returns {Promise<string>} the bundle's path
 */
export async function ensureCli() {
  const bundle = join(CLI, 'main.mjs');
  const build = staleness(join(CLI, '.stamp'), INPUTS);
  if (!build.stale && existsSync(bundle)) return bundle;
  build.forget();
  const [{ rolldown }, { CONSTANTS }] = await Promise.all([import('rolldown'), import('../build/constants.mjs')]);
  const built = await rolldown({
    input: join(ROOT, 'src/cli/main.ts'),
    cwd: ROOT,
    platform: 'node',
    external: (id) => !/^[./]|^[A-Za-z]:/.test(id),
    logLevel: 'silent',
    transform: { define: CONSTANTS, target: 'node20' },
  });
  // Many may build at once (an archive scored by a scheduler): each in a folder of its own, moved in place file by file.
  mkdirSync(CLI, { recursive: true });
  const own = mkdtempSync(`${CLI}-`);
  await built.write({
    dir: own,
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: '[name]-[hash].mjs',
    sourcemap: true,
  });
  await built.close();
  // The entry last: whoever finds it finds what it imports.
  const entryLast = readdirSync(own).sort((a, b) => Number(a === 'main.mjs') - Number(b === 'main.mjs'));
  for (const file of entryLast) renameSync(join(own, file), join(CLI, file));
  rmSync(own, { recursive: true });
  build.settle();
  return bundle;
}
