import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../paths.mjs';

/** @param {string} folder @returns {string} */
function versionIn(folder) {
  const parsed = /** @type {{ version: string }} */ (JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')));
  return parsed.version;
}

/**
 * Folder of onnxruntime's binaries in the built page. Its name carries the version because the library that fetches them
 * fixes the files' own names, and everything under `assets/` is cached for ever.
 */
export const ORT_PATH = `assets/ort-${versionIn('node_modules/onnxruntime-web')}/`;

/** Constants that the code finds in every bundle; declared in types/build-constants.d.ts. */
export const CONSTANTS = {
  __APP_VERSION__: JSON.stringify(versionIn('.')),
  __ORT_PATH__: JSON.stringify(ORT_PATH),
};
