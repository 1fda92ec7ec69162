import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, WORK } from '../paths.mjs';
import { launch } from './browser.mjs';
import { loadSources } from './sources.mjs';

const SHARED = join(ROOT, '../shared/data/nih');
/** 1,448 x 1,448 is 2.1 megapixels. */
const SIDE = 1448;

/** Real films of 320 x 320 pixels, with and without findings by turns; undefined if they are not on this machine. @param {number} count */
export function realPaths(count) {
  if (!existsSync(SHARED)) return undefined;
  const [normal, abnormal] = ['normal', 'abnormal'].map((kind) =>
    readdirSync(join(SHARED, kind)).map((name) => join(SHARED, kind, name)),
  );
  const paths = (normal ?? []).flatMap((path, i) => [path, ...(abnormal?.[i] ? [abnormal[i]] : [])]);
  return paths.length < count ? undefined : paths.slice(0, count);
}

/** Phantoms of 320 x 320 pixels as PNG, where no real films are. @param {number} count @returns {Promise<string[]>} */
export async function phantomPaths(count) {
  const folder = folderFor(`list-phantoms-${count}`);
  if (readdirSync(folder).length < count) {
    const { drawPhantom, encodePng } = await loadSources();
    for (let seed = 1; seed <= count; seed += 1) {
      const film = drawPhantom({ width: 320, height: 320, opacity: seed % 2 === 0, seed });
      writeFileSync(join(folder, `${String(seed).padStart(4, '0')}.png`), encodePng(film));
    }
  }
  return readdirSync(folder).map((name) => join(folder, name));
}

/** The films enlarged to 2.1 megapixels, as JPEGs in the project's working folder. @param {readonly string[]} paths @returns {Promise<string[]>} */
export async function largePaths(paths) {
  const folder = folderFor(`list-large-${paths.length}`);
  if (readdirSync(folder).length < paths.length) {
    const browser = await launch();
    const page = await browser.newPage();
    for (const [i, path] of paths.entries()) {
      const jpeg = await page.evaluate(enlarge, { base64: readFileSync(path).toString('base64'), side: SIDE });
      writeFileSync(join(folder, `${String(i).padStart(4, '0')}.jpg`), Buffer.from(jpeg, 'base64'));
    }
    await browser.close();
  }
  return readdirSync(folder).map((name) => join(folder, name));
}

/** In the browser. @param {{ base64: string, side: number }} film @returns {Promise<string>} */
async function enlarge({ base64, side }) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const film = await createImageBitmap(new Blob([bytes]));
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  const context = canvas.getContext('2d');
  if (context) context.imageSmoothingQuality = 'high';
  context?.drawImage(film, 0, 0, side, side);
  return canvas.toDataURL('image/jpeg', 0.9).replace(/^.*,/, '');
}

/** @param {string} name */
function folderFor(name) {
  const folder = join(WORK, 'bench', name);
  mkdirSync(folder, { recursive: true });
  return folder;
}
