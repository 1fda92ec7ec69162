import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../paths.mjs';

/** @param {string} folder @returns {string} */
function versionIn(folder) {
  const parsed = /** @type {{ version: string }} */ (JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')));
  return parsed.version;
}

/**
 * Folders of the binaries in the built page. Their names carry versions because the files' own names are fixed by the
 * libraries that fetch them, and everything under `assets/` is cached for ever.
 */
export const ORT_PATH = `assets/ort-${versionIn('node_modules/onnxruntime-web')}/`;
export const CODECS_PATH = `assets/codecs-${versionIn('node_modules/@jsquash/jpeg')}-${versionIn('node_modules/@jsquash/webp')}/`;

/** Constants that the code finds in every bundle; declared in types/build-constants.d.ts. */
export const CONSTANTS = {
  __APP_VERSION__: JSON.stringify(versionIn('.')),
  __ORT_PATH__: JSON.stringify(ORT_PATH),
  __CODECS_PATH__: JSON.stringify(CODECS_PATH),
};
