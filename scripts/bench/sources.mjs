import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { CONSTANTS } from '../build/constants.mjs';
import { ROOT, WORK } from '../paths.mjs';

/**
 * Bundles two of the project's TypeScript modules and imports them.
 *
 * @returns {Promise<typeof import('../../src/cli/testing/fixture-pack.js') & typeof import('../../src/core/film/phantom.js')>}
 */
export async function loadSources() {
  const input = {
    pack: join(ROOT, 'src/cli/testing/fixture-pack.ts'),
    phantom: join(ROOT, 'src/core/film/phantom.ts'),
  };
  const dir = join(WORK, 'bench/sources');
  const bundle = await rolldown({
    input,
    platform: 'node',
    external: (id) => !/^[./]|^[A-Za-z]:/.test(id),
    transform: { define: CONSTANTS },
  });
  await bundle.write({ dir, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' });
  await bundle.close();
  /** @param {string} name @returns {Promise<any>} */
  const open = (name) => import(pathToFileURL(join(dir, `${name}.mjs`)).href);
  return { ...(await open('pack')), ...(await open('phantom')) };
}
