// `node scripts/make-pictures.mjs [icons] [screenshots] [import]`: draws the app's icons from public/icon.svg, its screenshots (README's
// too) from the built page with the default pack, and an import before, during and after, of a generated ViT-B/32, in Chromium; all
// three unless told. What it writes is committed; run it again when icon, reading view, pack or dialogue changes.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launch } from './bench/browser.mjs';
import { listen } from './listen.mjs';
import { PAGE, ROOT, WORK } from './paths.mjs';
import { createStaticServer } from './serve.mjs';
import { ensurePage } from './steps/build-page.mjs';

const PUBLIC = join(ROOT, 'public');
/** A mask may cut away all but a circle of 80 % of the side, so the mark shrinks and the ground fills the square. */
const MASKABLE_SCALE = 0.86;

const svg = readFileSync(join(PUBLIC, 'icon.svg'), 'utf8');
const ground = /<rect[^>]*fill="([^"]+)"/.exec(svg)?.[1] ?? '#000';
const mark = svg.replace(/<rect[^>]*\/>/, '').replace(/<\/?svg[^>]*>/g, '');

/** @param {number} scale 1: as it is */
function maskable(scale) {
  const shift = 16 * (1 - scale);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" fill="${ground}"/><g transform="translate(${shift} ${shift}) scale(${scale})">${mark}</g></svg>`;
}

/** @param {import('@playwright/test').Browser} browser @param {string} name @param {string} picture @param {number} side */
async function icon(browser, name, picture, side) {
  const page = await browser.newPage({ viewport: { width: side, height: side } });
  const source = `data:image/svg+xml;base64,${Buffer.from(picture).toString('base64')}`;
  await page.setContent(`<style>*{margin:0}img{display:block;width:${side}px;height:${side}px}</style><img src="${source}">`);
  await page.locator('img').evaluate((image) => /** @type {HTMLImageElement} */ (image).decode());
  writeFileSync(join(PUBLIC, 'icons', name), await page.screenshot({ omitBackground: true }));
  await page.close();
}

/** @param {import('@playwright/test').Browser} browser */
async function icons(browser) {
  for (const side of [192, 512]) {
    await icon(browser, `${side}.png`, svg, side);
    await icon(browser, `maskable-${side}.png`, maskable(MASKABLE_SCALE), side);
  }
  // Apple rounds the corners itself and shows no transparency.
  await icon(browser, 'apple-180.png', maskable(1), 180);
}

/** @param {import('@playwright/test').Browser} browser @param {string} url @param {string} file @param {{ width: number, height: number }} viewport */
async function screenshot(browser, url, file, viewport) {
  const context = await browser.newContext({ viewport, colorScheme: 'dark', locale: 'en-US', serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.goto(`${url}?sample=opacity`);
  await page.getByTestId('result').waitFor();
  await page.waitForTimeout(1000);
  writeFileSync(join(ROOT, file), await page.screenshot());
  await context.close();
}

/** @param {import('@playwright/test').Browser} browser @param {string} url */
async function importing(browser, url) {
  const checkpoint = join(WORK, 'vit-b-32.pt');
  if (!existsSync(checkpoint)) execFileSync(process.execPath, [join(ROOT, 'scripts/make-checkpoint.mjs'), '--out', checkpoint]);
  const viewport = { width: 1280, height: 1000 };
  const context = await browser.newContext({ viewport, colorScheme: 'dark', locale: 'en-US', serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.goto(`${url}?sample=opacity`);
  await page.getByTestId('result').waitFor();
  await page.getByTestId('open-models').first().click();
  await page.getByTestId('model-input').setInputFiles(checkpoint);
  const incoming = page.getByTestId('incoming');
  /** @param {string} name */
  const take = async (name) => {
    const picture = await page.locator('dialog[open]').screenshot({ animations: 'disabled' });
    writeFileSync(join(ROOT, 'docs', `import-${name}.png`), picture);
  };
  await incoming.getByRole('button', { name: 'Import', exact: true }).waitFor();
  await take('before');
  await incoming.getByRole('button', { name: 'Import', exact: true }).click();
  await incoming.getByText(/^[3-9]\d%$/).waitFor();
  await take('during');
  await page.locator('[data-testid="incoming"][data-step="done"]').waitFor({ timeout: 300_000 });
  await take('after');
  await context.close();
}

const wanted = process.argv.slice(2);
/** @param {'icons' | 'screenshots' | 'import'} pictures */
const draws = (pictures) => wanted.length === 0 || wanted.includes(pictures);

if (!(await ensurePage())) process.exit(1);
for (const folder of ['icons', 'screenshots']) mkdirSync(join(PUBLIC, folder), { recursive: true });
const server = createStaticServer(PAGE);
const url = await listen(server, 0);
const browser = await launch();
if (draws('icons')) await icons(browser);
if (draws('screenshots')) {
  await screenshot(browser, url, 'docs/reading-view.png', { width: 1366, height: 768 });
  await screenshot(browser, url, 'public/screenshots/wide.png', { width: 1280, height: 800 });
  await screenshot(browser, url, 'public/screenshots/narrow.png', { width: 412, height: 915 });
}
if (draws('import')) await importing(browser, url);
await browser.close();
server.close();
server.closeAllConnections();
