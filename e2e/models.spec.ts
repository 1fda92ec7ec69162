import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { sha256 } from '../src/core/pack/hash.js';
import { file, phantom } from './films.js';
import { expect, test } from './fixtures.js';
import { ModelsPage, tinyCheckpoint } from './models-page.js';

const FILM = phantom('film.png', { opacity: true });

// Each test starts an engine twice and a second runtime beside it.
test.describe.configure({ timeout: 240_000 });
test.beforeEach(({ page }) => page.setViewportSize({ width: 1280, height: 800 }));

test('a checkpoint becomes a model: recognised, imported, in use, still there after a reload', async ({ page, reader }) => {
  const models = new ModelsPage(page);
  const checkpoint = await tinyCheckpoint('mine.safetensors');
  await reader.open();
  await reader.giveAndRead(FILM);
  const before = await reader.numbers();

  await models.open();
  await models.give(checkpoint);
  await models.step('review');
  await expect(models.incoming).toContainText('a CLIP without PPAD’s prompts');
  await models.incoming.getByText('1 key is not used').click();
  await expect(models.incoming.getByText('input_resolution', { exact: true })).toBeVisible();
  await expect(models.incoming.getByLabel('With deviation')).toHaveValue('pneumonia.');
  await models.incoming.getByLabel('With deviation').fill('effusion.');
  await expect(models.incoming).toContainText('They are fixed once imported');
  await expect(models.incoming.getByLabel(/^Keep the text tower/)).not.toBeChecked();
  await page.evaluate(watchProgress);
  await models.incoming.locator('button[type="submit"]').click();
  await models.step('done');
  const told = await page.evaluate(() => (globalThis as unknown as { told: string[] }).told);
  expect(told.join('\n')).toMatch(/^(Reading the prompts|Computing the check film) ?\d+%$/m);
  await expect(models.row('mine.safetensors')).toContainText('imported, not validated here');
  await expect(models.row('mine.safetensors')).toContainText(/\d MB/);
  await models.close();

  // The film is read again by the new model, and says by which.
  await expect(reader.result).toHaveAttribute('data-rule', 'whole');
  await expect(page.getByTestId('origin')).toContainText(`mine.safetensors, imported, not validated here`);
  await expect(page.getByTestId('origin')).toContainText(sha256(checkpoint.buffer));
  await expect(reader.result).toContainText('No learned prompts');
  await expect(page.getByTestId('words')).toContainText('“normal.” against “effusion.”');
  await expect(page.getByTestId('words')).toContainText('They are fixed: the text tower was not kept.');
  // On paper too.
  await page.emulateMedia({ media: 'print' });
  const paper = await page.evaluate(() => document.body.innerText);
  expect(paper).toContain('mine.safetensors, imported, not validated here');
  expect(paper).toContain(sha256(checkpoint.buffer));
  await page.emulateMedia({ media: 'screen' });
  const imported = await reader.numbers();
  expect(imported).not.toEqual(before);
  // The image score is the whole film's own.
  expect(imported[5]).toBe(imported[4]);

  await reader.open();
  await reader.giveAndRead(FILM);
  await expect(page.getByTestId('model-name')).toContainText('mine.safetensors');
  for (const [i, number] of (await reader.numbers()).entries()) expect(number).toBeCloseTo(imported[i] ?? NaN, 5);

  await models.open();
  await models.ownPack.getByRole('button', { name: 'Use The page’s own model' }).click();
  await expect(models.ownPack).toHaveAttribute('data-current', 'true');
  await models.close();
  await expect.poll(() => reader.numbers()).toEqual(before);
});

// The service worker fetches every file of the page beforehand; what the page itself asks for is to be seen.
test.describe('without a service worker', () => {
  test.use({ serviceWorkers: 'block' });
  test('words can be changed, and the score follows', async ({ page, reader, server }) => {
    const models = new ModelsPage(page);
    await reader.open();
    await models.open();
    await models.give(await tinyCheckpoint('words.safetensors'));
    await models.step('review');
    await models.incoming.getByLabel(/^Keep the text tower/).check();
    await models.incoming.locator('button[type="submit"]').click();
    await models.step('done');
    await models.close();
    server.asked.length = 0;
    await reader.giveAndRead(FILM);
    const before = await reader.numbers();
    expect(server.asked.filter(({ path }) => path.includes('clip-merges'))).toEqual([]);

    const words = page.getByTestId('words');
    await words.locator('summary').click();
    await words.getByLabel('With deviation').fill('effusion');
    await words.getByRole('button', { name: 'Score with these words' }).click();
    await expect(words.locator('summary')).toContainText('“normal.” against “effusion”');
    await expect.poll(() => reader.numbers()).not.toEqual(before);
    // The panel was drawn anew: whoever pressed its button is still there.
    await expect(words.locator('summary')).toBeFocused();
    expect(server.asked.filter(({ path }) => path.includes('clip-merges')).length).toBeGreaterThan(0);

    await words.getByLabel('With deviation').fill('x '.repeat(90));
    await words.getByRole('button', { name: 'Score with these words' }).click();
    await expect(page.getByTestId('model-error')).toHaveAttribute('data-code', 'TEXT_TOO_LONG');
    await expect(words.locator('summary')).toContainText('“effusion”');

    await words.getByRole('button', { name: 'The model’s own words' }).click();
    await expect(words.locator('summary')).toContainText('“pneumonia.”');
    await expect.poll(() => reader.numbers()).toEqual(before);
  });
});

test('an imported model that its user has evaluated says so', async ({ page, reader }) => {
  const models = new ModelsPage(page);
  await reader.open();
  await models.open();
  await models.import(await tinyCheckpoint('mine.safetensors'));
  await models.close();
  await reader.giveAndRead(FILM);
  await expect(page.getByTestId('origin')).toContainText('imported, not validated here');

  await models.open();
  const row = models.row('mine.safetensors');
  await row.getByRole('button', { name: 'Say that mine.safetensors was evaluated here' }).click();
  const form = row.getByTestId('evaluation');
  await page.getByTestId('evaluation-input').setInputFiles({
    name: 'evaluation.json',
    mimeType: 'application/json',
    buffer: Buffer.from(
      JSON.stringify({
        n: { normal: 4, abnormal: 5 },
        auroc: { value: 0.9 },
        date: '2026-11-24T12:00:00.000Z',
        pack: { sha256: 'ff'.repeat(32) },
      }),
    ),
  });
  await expect(form.getByTestId('model-error')).toContainText('another pack');
  await form.getByLabel('Films without deviation').fill('40');
  await form.getByLabel('Films with deviation').fill('60');
  await form.getByLabel('AUROC').fill('0.87');
  await form.getByRole('button', { name: 'Record' }).click();
  await expect(row.locator('.tag')).toHaveText('imported, evaluated here');
  await expect(row).toContainText('AUROC 0.870');
  await models.close();

  // The film is read anew, and its result says so; a reload changes nothing of it.
  await expect(page.getByTestId('origin')).toContainText('mine.safetensors, imported, evaluated here');
  await reader.open();
  await reader.giveAndRead(FILM);
  await expect(page.getByTestId('origin')).toContainText('imported, evaluated here');
  await models.open();
  await row.getByRole('button', { name: 'Say that mine.safetensors was evaluated here' }).click();
  await form.getByRole('button', { name: 'Take it back' }).click();
  await expect(row.locator('.tag')).toHaveText('imported, not validated here');
});

test('a link of an imported model names its checkpoint', async ({ page, reader }) => {
  const golden = JSON.parse(readFileSync(new URL('../src/core/link/fixtures/golden-v2.json', import.meta.url), 'utf8')) as {
    link: string;
  }[];
  await reader.open(`#${golden[0]!.link}`);
  const origin = page.getByTestId('shared-origin');
  await expect(origin).toContainText('CheXzero.pt, imported, not validated by the sender');
  await expect(origin).toContainText('5a'.repeat(32));
});

test('a Chinese page names what is wrong with a file in Chinese', async ({ page, reader }) => {
  const models = new ModelsPage(page);
  await reader.open('?lang=zh');
  await models.open();
  const evil = readFileSync(new URL('../src/core/torch/fixtures/evil.pt', import.meta.url));
  await models.give(file('evil.pt', evil, 'application/octet-stream'));
  await models.step('failed');
  await expect(page.getByTestId('error-facts')).toHaveText(/^请求调用：\S+；字节位置：\d+$/);
  await expect(models.incoming.locator('[lang="en"]')).toBeHidden();
});

test('a model is renamed, exported, deleted, taken back, and installed from its file', async ({ page, reader }) => {
  const models = new ModelsPage(page);
  await reader.open();
  await models.open();
  await models.import(await tinyCheckpoint('first.safetensors'));
  const row = models.packs.first();

  await row.getByRole('button', { name: 'Rename first.safetensors' }).click();
  await row.getByLabel('New name').fill('Ward 3');
  await page.keyboard.press('Enter');
  await expect(row.locator('.pack-name')).toContainText('Ward 3');

  const downloading = page.waitForEvent('download');
  await row.getByRole('button', { name: 'Export Ward 3 as one file' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('Ward 3.ppad');
  const exported = readFileSync(await download.path());

  await row.getByRole('button', { name: 'Delete Ward 3' }).click();
  await expect(row).toContainText('Ward 3 is deleted');
  await expect(models.ownPack).toHaveAttribute('data-current', 'true');
  await row.getByRole('button', { name: 'Undo' }).click();
  await expect(row).toHaveAttribute('data-current', 'true');

  await row.getByRole('button', { name: 'Delete Ward 3' }).click();
  await row.getByRole('button', { name: 'remove for good' }).click();
  await expect(models.packs).toHaveCount(0);
  expect(await models.filesKept()).toEqual([]);

  await models.close();
  await drop(page, file('shared.ppad', exported, 'application/zip'));
  await models.step('done');
  await expect(models.row('first.safetensors')).toHaveAttribute('data-current', 'true');
  await models.close();
  await reader.giveAndRead(FILM);
  await expect(reader.result).toHaveAttribute('data-rule', 'whole');
});

test('what cannot be read is told, leaves nothing behind, and the model in use stays', async ({ page, reader }) => {
  const models = new ModelsPage(page);
  const sound = await tinyCheckpoint('sound.safetensors');
  await reader.open();
  await reader.giveAndRead(FILM);
  const before = await reader.numbers();
  await models.open();
  for (const [name, bytes, code] of [
    ['cut.safetensors', sound.buffer.subarray(0, sound.buffer.length >> 1), 'CHECKPOINT_INVALID'],
    ['words.pt', Buffer.from('not a checkpoint at all'), 'CHECKPOINT_UNSUPPORTED'],
    ['evil.pt', readFileSync(new URL('../src/core/torch/fixtures/evil.pt', import.meta.url)), 'CHECKPOINT_FORBIDDEN'],
    ['broken.ppad', Buffer.from('no zip archive either'), 'PACK_INVALID'],
  ] as const) {
    await models.give(file(name, bytes, 'application/octet-stream'));
    await models.step('failed');
    await expect(page.getByTestId('model-error')).toHaveAttribute('data-code', code);
    await expect(models.incoming).toContainText(name);
    await models.incoming.getByRole('button').click();
  }
  await expect(models.packs).toHaveCount(0);
  expect(await models.filesKept()).toEqual([]);
  await models.close();
  expect(await reader.numbers()).toEqual(before);
});

test('an import that is stopped leaves nothing behind', async ({ page, reader, server }) => {
  const models = new ModelsPage(page);
  const release = server.hold(/clip-merges/);
  await reader.open();
  await reader.giveAndRead(FILM);
  await models.open();
  await models.give(await tinyCheckpoint('stopped.safetensors'));
  await models.step('review');
  await models.incoming.locator('button[type="submit"]').click();
  await models.step('working');
  await expect.poll(() => server.asked.filter(({ path }) => path.includes('clip-merges')).length).toBeGreaterThan(0);
  await models.incoming.getByRole('button', { name: 'Cancel' }).click();
  release();
  await models.step('stopped');
  expect(await models.filesKept()).toEqual([]);
  await expect(models.ownPack).toHaveAttribute('data-current', 'true');
  await models.close();
  await reader.giveAndRead(phantom('after.png'));
});

test('a damaged or missing model falls back to the page’s own, and says why', async ({ page, reader }) => {
  const models = new ModelsPage(page);
  await reader.open();
  await models.open();
  await models.import(await tinyCheckpoint('damaged.safetensors'));
  await expect(reader.backend).toHaveText(/WASM/);
  await page.evaluate(async () => {
    const library = await (await navigator.storage.getDirectory()).getDirectoryHandle('pack-library');
    for await (const folder of (library as unknown as { values(): AsyncIterable<FileSystemDirectoryHandle> }).values()) {
      const writable = await (await folder.getFileHandle('vision.bin')).createWritable({ keepExistingData: true });
      await writable.write({ type: 'write', position: 1000, data: new Uint8Array([1, 2, 3]) });
      await writable.close();
    }
  });
  await reader.open();
  await expect(page.getByTestId('refused-note')).toContainText('damaged.safetensors cannot be used');
  await reader.giveAndRead(FILM);
  await expect(page.getByTestId('model-name')).toContainText('A fixture of random weights');
  await models.open();
  await expect(page.getByTestId('refused')).toContainText('The model’s files are not what they should be');
  await expect(models.ownPack).toHaveAttribute('data-current', 'true');
});

test('axe finds nothing in the dialogue, and the keyboard reaches everything', async ({ page, reader }) => {
  test.setTimeout(120_000);
  const models = new ModelsPage(page);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const check = async (state: string): Promise<void> => {
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect
        .soft(
          violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
          `${state}, ${colorScheme}`,
        )
        .toEqual([]);
    }
  };
  await reader.open();
  await page.getByTestId('open-models').first().focus();
  await page.keyboard.press('Enter');
  await expect(models.dialog).toBeVisible();
  await check('list');
  await models.give(await tinyCheckpoint('keys.safetensors'));
  await models.step('review');
  await expect(models.incoming.getByRole('heading')).toBeFocused();
  await check('review');
  const submit = models.incoming.locator('button[type="submit"]');
  for (let presses = 0; presses < 20 && !(await submit.evaluate((button) => button === document.activeElement)); presses++)
    await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await models.step('done');
  await expect(models.incoming.getByRole('heading')).toBeFocused();
  await check('done');
  await models.packs
    .first()
    .getByRole('button', { name: /^Rename/ })
    .focus();
  await page.keyboard.press('Enter');
  await expect(models.packs.first().getByLabel('New name')).toBeFocused();
  await check('rename');
  await page.keyboard.press('Escape');
  await expect(models.dialog).toBeVisible();
  await models.packs
    .first()
    .getByRole('button', { name: /^Delete/ })
    .focus();
  await page.keyboard.press('Enter');
  await expect(models.packs.first().getByRole('button', { name: 'Undo' })).toBeFocused();
  await check('deleted');
  await page.keyboard.press('Escape');
  await expect(models.dialog).toHaveCount(0);
});

/** Notes in the page each line of an import's progress as it is shown. */
function watchProgress(): void {
  const told: string[] = [];
  Object.assign(globalThis, { told });
  new MutationObserver(() => {
    const line = document.querySelector('.progress-line')?.textContent;
    if (line && told.at(-1) !== line) told.push(line);
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}

/** Drops a file on the page from outside. */
async function drop(page: import('@playwright/test').Page, { name, buffer, mimeType }: ReturnType<typeof file>): Promise<void> {
  const transfer = await page.evaluateHandle(
    ({ base64, name, type }) => {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], name, { type }));
      return data;
    },
    { base64: buffer.toString('base64'), name, type: mimeType },
  );
  await page.getByTestId('drop-zone').dispatchEvent('drop', { dataTransfer: transfer });
}
