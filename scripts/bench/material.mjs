import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import encodeJpeg, { init } from '@jsquash/jpeg/encode.js';
import { ROOT, WORK } from '../paths.mjs';
import { loadSources } from './sources.mjs';

/** @typedef {{ name: string, folder: string }} Pack */

const HERE = join(WORK, 'bench');
/** 1,448 x 1,448 is 2.1 megapixels. */
const SIDE = 1448;

/**
 * The packs to measure: the one that ships, if it is there, and a ViT-B/32 of random weights, made once.
 *
 * @returns {Promise<Pack[]>}
 */
export async function packs() {
  const shipped = join(ROOT, 'models/default');
  const random = join(HERE, 'vit-b-32');
  if (!existsSync(join(random, 'manifest.json'))) {
    const { makeFixturePack, writePack } = await loadSources();
    const { files } = await makeFixturePack({ width: 768, layers: 12, patch: 32, embed: 512, storage: 'float16' });
    writePack(random, files);
  }
  const both = [
    { name: 'default pack', folder: shipped },
    { name: 'ViT-B/32, random weights', folder: random },
  ];
  return both.filter(({ folder }) => existsSync(join(folder, 'manifest.json')));
}

/**
 * A folder of different phantoms as JPEGs of 2.1 megapixels.
 *
 * @param {number} count
 * @returns {Promise<string>}
 */
export async function largeFilms(count) {
  const folder = join(HERE, `phantoms-${count}`);
  if (existsSync(folder) && readdirSync(folder).length === count) return folder;
  mkdirSync(folder, { recursive: true });
  const { drawPhantom } = await loadSources();
  const wasm = createRequire(import.meta.url).resolve('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm');
  await init(await WebAssembly.compile(new Uint8Array(readFileSync(wasm))));
  for (let seed = 1; seed <= count; seed += 1) {
    const { pixels } = drawPhantom({ width: SIDE, height: SIDE, opacity: seed % 2 === 0, seed });
    const data = new Uint8ClampedArray(SIDE * SIDE * 4);
    pixels.forEach((grey, i) => data.set([grey, grey, grey, 255], 4 * i));
    const jpeg = await encodeJpeg(/** @type {ImageData} */ ({ data, width: SIDE, height: SIDE, colorSpace: 'srgb' }), {
      quality: 90,
    });
    writeFileSync(join(folder, `${String(seed).padStart(3, '0')}.jpg`), new Uint8Array(jpeg));
  }
  return folder;
}

/**
 * Two folders of links to real films, half normal, half not; nothing if they are not on this machine.
 *
 * @param {number} count of both together
 * @returns {{ normal: string, abnormal: string } | undefined}
 */
export function realFilms(count) {
  const shared = join(ROOT, '../shared/data/nih');
  if (!existsSync(shared)) return undefined;
  const link = (/** @type {string} */ kind) => {
    const folder = join(HERE, `films-${count}`, kind);
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(join(shared, kind)).slice(0, count / 2))
      if (!existsSync(join(folder, name))) symlinkSync(join(shared, kind, name), join(folder, name));
    return folder;
  };
  return { normal: link('normal'), abnormal: link('abnormal') };
}
