import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { drawPhantom, encodePng } from '../src/core/film/phantom.js';
import { file, phantom } from './films.js';
import { expect, test } from './fixtures.js';

const wasm = readFileSync(fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm')));
// By itself it fetches its WebAssembly from the network.
prepareZXingModule({ overrides: { wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) } });

/** What a camera's software finds in the page as it is on the screen. */
async function seen(page: Page): Promise<string[]> {
  const code = page.getByTestId('qr');
  await code.scrollIntoViewIfNeeded();
  const found = await readBarcodes(await page.screenshot(), { formats: ['QRCode'] });
  return found.map(({ text }) => text);
}

for (const { look, colorScheme, viewport } of [
  { look: 'light, wide', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { look: 'dark, on a phone', colorScheme: 'dark', viewport: { width: 360, height: 740 } },
] as const)
  test(`a reader of QR codes finds the link on the screen, and the next one when it changes (${look})`, async ({
    page,
    reader,
  }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(viewport);
    await reader.open('?lang=en');
    await reader.giveAndRead(phantom('film.png', { opacity: true }));
    await page.getByTestId('share').click();
    const field = page.getByTestId('share-link');
    const bare = await field.inputValue();
    expect(await seen(page)).toEqual([bare]);
    await page.getByTestId('share-note').fill('Compare with last year. 请看右下肺野。');
    const noted = await field.inputValue();
    expect(noted).not.toBe(bare);
    expect(await seen(page)).toEqual([noted]);
    await page.getByTestId('share-preview').check();
    const pictured = await field.inputValue();
    expect(pictured.length).toBeGreaterThan(noted.length);
    expect(await seen(page)).toEqual([pictured]);
  });

test('a link that no QR code can hold is said to be too long for one', async ({ page, reader }) => {
  // Noise makes the largest picture.
  let state = 1;
  const pixels = Uint8Array.from({ length: 64 * 64 }, () => (state = Math.imul(state, 1664525) + 1013904223) >>> 24);
  const { facts } = drawPhantom({ width: 64, height: 64, opacity: false });
  await reader.open('?lang=en');
  await reader.giveAndRead(file('noise.png', encodePng({ facts, pixels })));
  await page.getByTestId('share').click();
  await expect(page.getByTestId('qr')).toBeVisible();
  await page.getByTestId('share-preview').check();
  await page.getByTestId('share-note').fill('看'.repeat(280));
  await expect(page.getByText('Too long for a QR code')).toBeVisible();
  await expect(page.getByTestId('qr')).toHaveCount(0);
  expect((await page.getByTestId('share-link').inputValue()).length).toBeGreaterThan(2953);
});
