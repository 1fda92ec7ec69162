import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { injectManifest } from 'workbox-build';
import { ROOT } from '../paths.mjs';
import { COMMON_HEADERS } from '../server/headers.mjs';
import { CONSTANTS } from './constants.mjs';
import { engineBinaries, HOST_LIMIT } from './engine-binaries.mjs';
import { BUILD_PLACEHOLDER } from './page-meta.mjs';

/** @typedef {import('workbox-build').ManifestEntry} Entry */

/** The shell: what the page needs to open without a network, but for the engine's wasm and the pack, which go by their hashes. */
const SHELL = [
  'index.html',
  'recover.js',
  'manifest.webmanifest',
  'icon.svg',
  'icons/*.png',
  'assets/**/*.{js,mjs,css,svg,woff2}',
  'assets/*.wasm',
  'tokenizer/*.txt',
  // The pack's own description goes with the page that knows its format; its files go by the hashes in it.
  'models/default/manifest.json',
  'models/default/MODEL_CARD.md',
];
/** A host may lay another pack in the default one's place, so these two are not bound to the build by a hash. */
const REPLACEABLE = /^models\//;

/**
 * Vite plugin: names the build by the hash of all that is in it, then bundles src/sw/ with the list of the shell's files.
 * `version.json` tells the page which build the server has.
 *
 * @returns {import('vite').Plugin}
 */
export function serviceWorker() {
  let outDir = '';
  return {
    name: 'service-worker',
    apply: 'build',
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir);
    },
    closeBundle: {
      sequential: true,
      async handler() {
        if (!existsSync(join(outDir, 'index.html'))) return;
        refuseLargeFiles(outDir);
        writeFileSync(join(outDir, 'recover.js'), await bundle('src/shell/recover.ts'));
        const unlisted = await bundle('src/sw/sw.ts');
        const build = nameBuild(outDir, unlisted);
        const page = join(outDir, 'index.html');
        writeFileSync(page, readFileSync(page, 'utf8').replace(BUILD_PLACEHOLDER, build));
        await list(outDir, unlisted.replace(BUILD_PLACEHOLDER, build));
        const version = /** @type {string} */ (JSON.parse(CONSTANTS.__APP_VERSION__));
        writeFileSync(join(outDir, 'version.json'), `${JSON.stringify({ version, build })}\n`);
      },
    },
  };
}

/** @param {string} folder */
function refuseLargeFiles(folder) {
  const large = filesOf(folder).filter((path) => statSync(join(folder, path)).size > HOST_LIMIT);
  if (large.length > 0) throw new Error(`Over the 25 MiB a file that some static hosts allow: ${large.join(', ')}.`);
}

/** One script that imports nothing. @param {string} entry @returns {Promise<string>} */
async function bundle(entry) {
  const built = await rolldown({
    input: join(ROOT, entry),
    cwd: ROOT,
    platform: 'browser',
    logLevel: 'warn',
    transform: {
      target: 'es2023',
      define: {
        ...CONSTANTS,
        __BUILD_ID__: JSON.stringify(BUILD_PLACEHOLDER),
        __ENGINE_BINARIES__: JSON.stringify(engineBinaries()),
        __SECURITY_HEADERS__: JSON.stringify(COMMON_HEADERS),
        'process.env.NODE_ENV': JSON.stringify('production'),
      },
    },
  });
  const { output } = await built.generate({ format: 'iife', minify: true });
  await built.close();
  return output[0].code;
}

/** A name for exactly these files and this worker. @param {string} folder @param {string} worker */
function nameBuild(folder, worker) {
  const hash = createHash('sha256').update(worker);
  for (const path of filesOf(folder)) hash.update(`${path}\0`).update(readFileSync(join(folder, path)));
  return hash.digest('hex').slice(0, 16);
}

/** Relative, in order, without what comes from an earlier build into the same folder. @param {string} folder */
function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.br'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => path !== 'sw.js' && path !== 'version.json')
    .sort();
}

/** Writes sw.js with the shell's files, each with the hash that the browser has to find. @param {string} outDir @param {string} worker */
async function list(outDir, worker) {
  const own = mkdtempSync(join(tmpdir(), 'sw-'));
  try {
    const swSrc = join(own, 'sw.js');
    writeFileSync(swSrc, worker);
    const { warnings } = await injectManifest({
      swSrc,
      swDest: join(outDir, 'sw.js'),
      globDirectory: outDir,
      globPatterns: SHELL,
      maximumFileSizeToCacheInBytes: 2_000_000,
      dontCacheBustURLsMatching: /^assets\//,
      manifestTransforms: [(entries) => ({ manifest: entries.map((entry) => bind(outDir, entry)), warnings: [] })],
    });
    if (warnings.length > 0) throw new Error(warnings.join('\n'));
  } finally {
    rmSync(own, { recursive: true });
  }
}

/** @param {string} outDir @param {Entry & { size: number }} entry */
function bind(outDir, entry) {
  if (REPLACEABLE.test(entry.url)) return entry;
  const digest = createHash('sha384')
    .update(readFileSync(join(outDir, entry.url)))
    .digest('base64');
  return { ...entry, integrity: `sha384-${digest}` };
}
