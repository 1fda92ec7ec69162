import { writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { POSITION_IDS } from '../src/core/result.js';
import { phantom, type Film } from './films.js';
import { expect, test } from './fixtures.js';
import type { Reader } from './reader.js';

/** What a result may never say: the model knows its threshold, not health. */
const FORBIDDEN = /\b(normal|healthy|diagnos\w*|pneumonia|tuberculosis)\b/i;

async function expectWholeResult(reader: Reader, name: string): Promise<void> {
  const { page } = reader;
  await reader.read(name);
  const numbers = await reader.numbers();
  const [five, image = NaN] = [numbers.slice(0, 5), numbers[5]];
  for (const number of five) {
    expect(number).toBeGreaterThan(0);
    expect(number).toBeLessThan(1);
  }
  const highest = Math.max(...five);
  const mean = five.reduce((sum, number) => sum + number, 0) / 5;
  expect(image).toBeCloseTo(highest > 0.8 ? highest : mean, 6);
  await expect(reader.result).toHaveAttribute('data-rule', highest > 0.8 ? 'max' : 'mean');
  for (const [i, id] of POSITION_IDS.entries()) await expect(reader.score(id)).toHaveText((five[i] ?? NaN).toFixed(2));

  const side = image > 0.5 ? 'Above' : 'Below';
  await expect(reader.result).toContainText(`${side} this model’s threshold`);
  await expect(reader.result).toContainText('threshold 0.50');
  await expect(reader.result).toContainText(highest > 0.8 ? 'the highest position' : 'the mean of the five');
  await expect(reader.result).toContainText('Not a medical device');
  await expect(page.getByTestId('model-name')).toHaveText('A fixture of random weights 0.0.1');
  await expect(reader.result).toContainText('test fixture, not trained');
  await expect(reader.result).toContainText(/WASM, \d+ ms/);
  await expect(reader.backend).toHaveText(/WASM/);
  await expect(page.getByTestId('drop-zone')).toBeVisible();
  await expect(page.getByTestId('file-input')).toBeAttached();
  expect(await page.locator('body').innerText()).not.toMatch(FORBIDDEN);
}

/** Files dropped or pasted, as the browser hands them to the page. */
function transfer(page: Page, films: readonly Film[]) {
  const files = films.map(({ name, mimeType, buffer }) => ({ name, type: mimeType, base64: buffer.toString('base64') }));
  return page.evaluateHandle((given) => {
    const data = new DataTransfer();
    for (const { name, type, base64 } of given) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      data.items.add(new File([bytes], name, { type }));
    }
    return data;
  }, files);
}

test('dropped before the model is here, anywhere on the window', async ({ page, reader, server }) => {
  const release = server.hold(/vision\.bin$/);
  await reader.open();
  const dataTransfer = await transfer(page, [phantom('dropped.png', { opacity: true })]);
  const header = page.getByRole('banner');
  await header.dispatchEvent('dragenter', { dataTransfer });
  await expect(page.getByText('Drop to read this film')).toBeVisible();
  await header.dispatchEvent('drop', { dataTransfer });
  await expect(page.getByText('Drop to read this film')).toBeHidden();
  await expect(reader.progress).toContainText('dropped.png');
  await expect(reader.progress).toContainText('Loading the model');
  release();
  await expectWholeResult(reader, 'dropped.png');
});

test('through the picker, dragged, pasted, and as samples', async ({ page, context, reader }, testInfo) => {
  await context.grantPermissions(['clipboard-write', 'clipboard-read']);
  await reader.open();

  await test.step('both phantoms, drawn on the spot and named synthetic', async () => {
    await page.getByTestId('sample-clear').click();
    await expectWholeResult(reader, 'phantom-clear.png');
    await expect(page.getByRole('banner')).toContainText('synthetic phantom');
    await expect(reader.result).toContainText('synthetic phantom');
    const clear = await reader.numbers();
    await page.getByRole('button', { name: 'Position reader' }).click();
    await page.getByTestId('sample-opacity').click();
    await expectWholeResult(reader, 'phantom-opacity.png');
    expect(await reader.numbers()).not.toEqual(clear);
  });

  await test.step('through the picker', async () => {
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Open…' }).click();
    await (await chooser).setFiles(phantom('picked.png'));
    await expectWholeResult(reader, 'picked.png');
    await expect(reader.result).not.toContainText('synthetic phantom');
  });
  const picked = await reader.numbers();

  await test.step('a file pasted', async () => {
    const clipboardData = await transfer(page, [phantom('pasted.png')]);
    await clipboardData.evaluate((data) => {
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
    });
    await expectWholeResult(reader, 'pasted.png');
    expect(await reader.numbers()).toEqual(picked);
  });

  await test.step('dragged in from outside, at any corner', async () => {
    const { width, height } = page.viewportSize() ?? { width: NaN, height: NaN };
    const client = await context.newCDPSession(page);
    for (const [x, y] of [
      [2, 2],
      [width - 2, height - 2],
      [2, height - 2],
    ] as const) {
      const { name, buffer } = phantom(`dragged-to-${x}-${y}.png`);
      const path = testInfo.outputPath(name);
      writeFileSync(path, buffer);
      const data = { items: [], files: [path], dragOperationsMask: 1 };
      for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
        await client.send('Input.dispatchDragEvent', { type, x, y, data });
      await reader.read(name);
      expect(await reader.numbers()).toEqual(picked);
    }
  });

  await test.step('a picture pasted from the clipboard, by the keys', async () => {
    await page.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': new Blob([bytes], { type: 'image/png' }) })]);
    }, phantom('any.png').buffer.toString('base64'));
    await page.keyboard.press('Control+v');
    await expectWholeResult(reader, 'image.png');
    expect(await reader.numbers()).toEqual(picked);
  });
});
