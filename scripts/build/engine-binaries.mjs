import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT, WORK } from '../paths.mjs';
import { ORT_PATH } from './constants.mjs';

/**
 * The WebAssembly of onnxruntime-web, by what it is for: `cpu` everywhere; `jspi` WebGPU where WebAssembly can suspend;
 * `asyncify` WebGPU everywhere else.
 */
const SUFFIXES = { cpu: '', jspi: '.jspi', asyncify: '.asyncify' };
/** Some static hosts take no larger file. Those above it are served as gzip, which the worker undoes. */
export const HOST_LIMIT = 25 * 1024 * 1024;

/** @typedef {{ path: string, sha256: string, unzipped?: string }} Binary `path` in the built page, the hash of what is served there, and of what that holds if it is gzip */
/** @typedef {Record<keyof typeof SUFFIXES, Binary>} EngineBinaries */

/** @param {keyof typeof SUFFIXES} flavour @param {'mjs' | 'wasm'} ext */
const sourceOf = (flavour, ext) =>
  join(ROOT, `node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded${SUFFIXES[flavour]}.${ext}`);
const FLAVOURS = /** @type {(keyof typeof SUFFIXES)[]} */ (Object.keys(SUFFIXES));

/** The scripts that load each binary. @returns {string[]} absolute */
export const engineScripts = () => FLAVOURS.map((flavour) => sourceOf(flavour, 'mjs'));

/** What is served for each binary. @returns {(Binary & { flavour: string, file: string })[]} `file`: absolute, to be copied */
export function engineFiles() {
  return FLAVOURS.map((flavour) => {
    const source = sourceOf(flavour, 'wasm');
    const content = readFileSync(source);
    const file = content.byteLength > HOST_LIMIT ? gzipped(source, content) : source;
    const served = file === source ? content : readFileSync(file);
    const binary = { flavour, file, path: ORT_PATH + basename(file), sha256: sha256(served) };
    return file === source ? binary : { ...binary, unzipped: sha256(content) };
  });
}

/** @returns {EngineBinaries} */
export function engineBinaries() {
  const entries = engineFiles().map(({ flavour, path, sha256, unzipped }) => [flavour, { path, sha256, unzipped }]);
  return /** @type {EngineBinaries} */ (Object.fromEntries(entries));
}

/** Kept by content, since it takes seconds. @param {string} source @param {Buffer} content */
function gzipped(source, content) {
  const folder = join(WORK, 'gzip', sha256(content));
  const file = join(folder, `${basename(source)}.gz`);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, gzipSync(content, { level: 9 }));
  }
  return file;
}

/** @param {Uint8Array} content */
function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}
