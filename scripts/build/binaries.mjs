import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { ROOT } from '../paths.mjs';
import { ORT_PATH } from './constants.mjs';
import { engineFiles, engineScripts } from './engine-binaries.mjs';

/**
 * Files that are served as they are, by the folder of the built page that they go to.
 *
 * @returns {Map<string, string[]>} folder with a slash at its end to absolute source files
 */
export function binaries() {
  const pack = join(ROOT, 'models/default');
  const packFiles = existsSync(pack) ? readdirSync(pack).filter((name) => !name.startsWith('.')) : [];
  return new Map([
    [ORT_PATH, [...engineScripts(), ...engineFiles().map(({ file }) => file)]],
    ['models/default/', packFiles.map((name) => join(pack, name))],
  ]);
}

/**
 * Vite plugin: copies the binaries and the default pack into the built page.
 *
 * @returns {import('vite').Plugin}
 */
export function copyBinaries() {
  let outDir = '';
  return {
    name: 'copy-binaries',
    apply: 'build',
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir);
    },
    writeBundle() {
      for (const [folder, files] of binaries()) {
        mkdirSync(join(outDir, folder), { recursive: true });
        for (const file of files) cpSync(file, join(outDir, folder, basename(file)), { recursive: true });
      }
    },
  };
}
