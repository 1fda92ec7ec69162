import { fileURLToPath } from 'node:url';

/** @param {string} path relative to the project */
const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

export const ROOT = at('');
/** What a web server gets: the built page, its binaries and the default pack. */
export const PAGE = at('dist/web');
/** The bundled command line. Two levels deep like `src/cli`, so that relative addresses mean the same in both. */
export const CLI = at('dist/cli');
/** Caches and reports, out of git. */
export const WORK = at('.work');
