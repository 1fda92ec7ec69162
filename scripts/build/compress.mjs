import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { WORK } from '../paths.mjs';

const compress = promisify(brotliCompress);

const COMPRESSIBLE = new Set(['.css', '.html', '.js', '.json', '.md', '.mjs', '.svg', '.txt', '.wasm', '.webmanifest', '.onnx']);
/** Below this the header costs more than compression saves. */
const WORTH_IT = 1_000;
/** A file above this gets a quick quality: 14 MB of wasm take 0.5 s at quality 5 and 30 s at 11, for 15 % less. */
const LARGE = 2_000_000;

/** @typedef {{ path: string, bytes: number, sent: number }} SizedFile a file of the page, its length and what crosses the wire */

/**
 * Writes `x.br` beside each file of `root` that gets smaller by it. Results are kept by content in `.work/brotli`.
 *
 * @param {string} root
 * @returns {Promise<SizedFile[]>}
 */
export async function compressTree(root) {
  const cache = join(WORK, 'brotli');
  mkdirSync(cache, { recursive: true });
  /** @type {SizedFile[]} */
  const sizes = [];
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith('.br')) continue;
    const file = join(entry.parentPath, entry.name);
    const content = readFileSync(file);
    const path = relative(root, file).replaceAll('\\', '/');
    let sent = content.byteLength;
    if (COMPRESSIBLE.has(extname(file)) && content.byteLength >= WORTH_IT) {
      const smaller = await compressed(content, cache);
      if (smaller.byteLength < content.byteLength) {
        writeFileSync(`${file}.br`, smaller);
        sent = smaller.byteLength;
      }
    }
    sizes.push({ path, bytes: content.byteLength, sent });
  }
  return sizes;
}

/** @param {Buffer} content @param {string} cache */
async function compressed(content, cache) {
  const quality = content.byteLength > LARGE ? 5 : 9;
  const kept = join(cache, `${createHash('sha256').update(content).digest('hex')}-q${quality}`);
  if (existsSync(kept)) return readFileSync(kept);
  const params = { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_LGWIN]: 22 };
  const result = await compress(content, { params });
  writeFileSync(kept, result);
  return result;
}

/** @param {readonly SizedFile[]} sizes @returns {string} a table, largest first */
export function sizeTable(sizes) {
  const kb = (/** @type {number} */ n) => `${(n / 1000).toFixed(1)} kB`.padStart(12);
  const rows = [...sizes].sort((a, b) => b.sent - a.sent);
  return rows.map(({ path, bytes, sent }) => `${kb(sent)} sent ${kb(bytes)}  ${path}`).join('\n');
}

/**
 * Vite plugin: compresses the built page once everything is in place, and prints what a visit transfers.
 *
 * @returns {import('vite').Plugin}
 */
export function precompress() {
  let outDir = '';
  /** @type {import('vite').Logger | undefined} */
  let logger;
  return {
    name: 'precompress',
    apply: 'build',
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir);
      logger = config.logger;
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        if (!existsSync(outDir)) return;
        logger?.info(sizeTable(await compressTree(outDir)));
      },
    },
  };
}
