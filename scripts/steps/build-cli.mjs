import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CLI, ROOT } from '../paths.mjs';
import { staleness } from './stale.mjs';

const INPUTS = ['package-lock.json', 'package.json', 'scripts/build', 'src/cli', 'src/core', 'src/engine'];

/** The entry last: whoever finds it finds the program of its threads. */
const PROGRAMS = ['lane', 'main'];

/** Packages that find their binaries beside themselves stay outside the bundles; all else goes in, for a quick start. */
const OUTSIDE = /^(node:|onnxruntime-|@jsquash\/)/;

/**
 * Bundles the command line and its threads' program into dist/cli if their sources have changed since the last time.
 *
 * @returns {Promise<string>} the bundle's path
 */
export async function ensureCli() {
  const bundle = join(CLI, 'main.mjs');
  const build = staleness(join(CLI, '.stamp'), INPUTS);
  if (!build.stale && existsSync(bundle)) return bundle;
  build.forget();
  // Many may build at once (an archive scored by a scheduler): each in a folder of its own, moved in place file by file.
  mkdirSync(CLI, { recursive: true });
  const own = mkdtempSync(`${CLI}-`);
  for (const program of PROGRAMS) await bundleProgram(program, own);
  for (const program of PROGRAMS)
    for (const file of [`${program}.mjs.map`, `${program}.mjs`]) renameSync(join(own, file), join(CLI, file));
  rmSync(own, { recursive: true });
  build.settle();
  return bundle;
}

/** @param {string} program @param {string} folder */
async function bundleProgram(program, folder) {
  const [{ rolldown }, { CONSTANTS }] = await Promise.all([import('rolldown'), import('../build/constants.mjs')]);
  const built = await rolldown({
    input: join(ROOT, `src/cli/${program}.ts`),
    cwd: ROOT,
    platform: 'node',
    external: OUTSIDE,
    logLevel: 'silent',
    transform: { define: CONSTANTS, target: 'node20' },
  });
  // One file a program; what is imported late is run late.
  await built.write({ file: join(folder, `${program}.mjs`), format: 'esm', sourcemap: true, codeSplitting: false });
  await built.close();
}
