import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { decode } from 'fast-png';
import { decodeLink } from '../src/core/link/decode-link.js';
import { encodeFragment } from '../src/core/link/encode-link.js';
import { POSITION_IDS } from '../src/core/result.js';
import { phantom } from './films.js';
import { expect, test } from './fixtures.js';
import { Reader } from './reader.js';

const FILM = phantom('Doe-Jane-1957.png', { opacity: true });
// Without a network the browser looks for the tab's icon again whenever the address changes, and tells on the console.
test.use({ expectedConsole: /ERR_INTERNET_DISCONNECTED/ });

/** Opens the dialogue and returns the link that it shows. */
async function linkOf(page: Page): Promise<string> {
  await page.getByTestId('share').click();
  return page.getByTestId('share-link').inputValue();
}

/** A picture to be looked at, where one is asked for. */
async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env['SHOTS'];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

const shared = (page: Page) => page.getByTestId('shared-result');

/** The numbers that a shared result shows, unrounded: five positions, then the image. */
async function sharedNumbers(page: Page): Promise<number[]> {
  const hooks = [...POSITION_IDS.map((id) => page.getByTestId(`shared-${id}`)), page.getByTestId('image-score')];
  return Promise.all(hooks.map(async (hook) => Number(await hook.getAttribute('data-value'))));
}

test('a link brings the same numbers to a fresh profile, without a model and without the network', async ({
  page,
  reader,
  otherPage: other,
}) => {
  await reader.open('?lang=en');
  await reader.giveAndRead(FILM);
  const numbers = await reader.numbers();
  const verdict = await reader.imageScore.getAttribute('data-above');
  const texts = await Promise.all(POSITION_IDS.map((id) => reader.score(id).innerText()));
  const link = await linkOf(page);
  expect(link.split('#')[1]?.length).toBeLessThanOrEqual(400);
  expect(Buffer.from(link.split('#r=')[1] ?? '', 'base64url').toString('latin1')).not.toMatch(/Doe|Jane|1957/);

  const context = other.context();
  const asked: string[] = [];
  context.on('request', (request) => asked.push(request.url()));
  await other.goto('./?lang=zh');
  await expect(other.getByRole('heading', { level: 1 })).toBeVisible();
  // The start page has fetched what it wants before the line goes.
  await expect(other.getByTestId('progress')).toHaveCount(0);
  await other.waitForLoadState('networkidle');
  await context.setOffline(true);
  asked.length = 0;
  // As if pasted into the address: the hash alone changes, and nothing is fetched.
  await other.evaluate((hash) => (location.hash = hash), `#${link.split('#')[1]}`);
  await expect(shared(other)).toBeVisible();
  expect(await sharedNumbers(other)).toEqual(numbers);
  expect(await other.getByTestId('image-score').getAttribute('data-above')).toBe(verdict);
  expect(await Promise.all(POSITION_IDS.map((id) => other.getByTestId(`shared-${id}`).innerText()))).toEqual(texts);
  await expect(shared(other)).toContainText('患者右肺');
  expect(asked.filter((url) => !url.endsWith('/icon.svg'))).toEqual([]);
  await context.setOffline(false);

  // Opened directly: neither pack nor runtime is fetched, and the fragment is in no request.
  asked.length = 0;
  await other.goto('about:blank');
  await other.goto(link);
  await expect(shared(other)).toBeVisible();
  await other.waitForLoadState('networkidle');
  expect(asked.filter((url) => /models\/|\.wasm|worker|#|r=/.test(url))).toEqual([]);
});

test('the film dropped on a link is compared with it', async ({ page, reader, otherPage: other }) => {
  // Seven films, two of them with an engine that has to start first.
  test.setTimeout(240_000);
  await reader.open('?lang=en');
  await reader.giveAndRead(FILM);
  const link = await linkOf(page);
  await other.goto(link);
  const recipient = new Reader(other);
  const findings = other.getByTestId('findings');
  await test.step('it says what it is and is not, over a drawing', async () => {
    await expect(other.getByText('no film came with them')).toBeVisible();
    await expect(shared(other)).toContainText('A link can be made by anyone');
    await expect(other.getByRole('img', { name: 'A schematic chest, drawn by hand; not the film' })).toBeVisible();
    await expect(other.getByText('A drawing, not the film')).toBeVisible();
  });

  await test.step('the same film', async () => {
    await recipient.give({ ...FILM, name: 'renamed.png' });
    await expect(findings).toHaveAttribute('data-same-input', 'true');
    await expect(findings).toHaveAttribute('data-agrees', 'true');
    await expect(shared(other)).toBeVisible();
    await shot(other, 'check-agrees');
  });
  await test.step('another film', async () => {
    await recipient.give(phantom('other.png', { opacity: false, seed: 9 }));
    await expect(findings).toHaveAttribute('data-same-input', 'false');
    await expect(findings).toHaveAttribute('data-same-pack', 'true');
    await expect(findings).not.toHaveAttribute('data-agrees');
  });
  await test.step('what is no film', async () => {
    await recipient.give({ name: 'x.png', mimeType: 'image/png', buffer: Buffer.from('nothing') });
    await expect(recipient.error).toHaveAttribute('data-code', 'NOT_A_FILM');
    await expect(shared(other)).toBeVisible();
  });
  await test.step('numbers that were changed, by someone who can make a checksum', async () => {
    const told = decodeLink(link);
    const positions = told.positions.map((one) => ({ ...one, probability: 1 - one.probability }));
    const score = positions.reduce((sum, { probability }) => sum + probability, 0) / 5;
    const rule = Math.max(...positions.map(({ probability }) => probability)) > 0.8 ? 'max' : 'mean';
    const shown = rule === 'max' ? Math.max(...positions.map(({ probability }) => probability)) : score;
    const forged = encodeFragment({ ...told, positions, rule, score: shown, aboveThreshold: shown > told.threshold });
    await other.goto(`./?lang=en#${forged}`);
    await recipient.give(FILM);
    await expect(findings).toHaveAttribute('data-same-input', 'true');
    await expect(findings).toHaveAttribute('data-agrees', 'false');
  });
  await test.step("another model's link", async () => {
    const told = decodeLink(link);
    const pack = { ...told.pack, sha256: 'ab'.repeat(32) };
    await other.goto(`./?lang=en#${encodeFragment({ ...told, pack })}`);
    await recipient.give(FILM);
    await expect(findings).toHaveAttribute('data-same-pack', 'false');
    await expect(findings).toHaveAttribute('data-same-input', 'true');
    await expect(findings).not.toHaveAttribute('data-agrees');
    await expect(findings).toContainText('abababab');
  });
  await test.step('its own result is one press away, and back leads to the link', async () => {
    await other.getByRole('button', { name: 'Show its own result' }).click();
    await recipient.read(FILM.name);
    expect(new URL(other.url()).hash).toBe('');
    await other.goBack();
    await expect(shared(other)).toBeVisible();
  });
});

test('a link that was changed is an error, and so is one that replaces a good one', async ({ page, reader }) => {
  await reader.open('?lang=en');
  await reader.giveAndRead(FILM);
  const link = await linkOf(page);
  const at = link.indexOf('#r=') + 60;
  const changed = link.slice(0, at) + (link[at] === 'A' ? 'B' : 'A') + link.slice(at + 1);
  await page.goto('about:blank');
  for (const bad of [changed, link.slice(0, -9), `${link}.`]) {
    await page.goto(bad);
    await expect(reader.error).toHaveAttribute('data-code', 'LINK_DAMAGED');
    await expect(shared(page)).toHaveCount(0);
  }
  await page.goto(link);
  await expect(shared(page)).toBeVisible();
  await page.evaluate((hash) => (location.hash = hash), new URL(changed).hash);
  await expect(reader.error).toHaveAttribute('data-code', 'LINK_DAMAGED');
  await shot(page, 'link-damaged');
  await page.getByRole('button', { name: 'Start page' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Drop a chest X-ray here');
  expect(new URL(page.url()).hash).toBe('');
  // The page is whole: a film is read after all.
  await reader.giveAndRead(FILM);
});

test('the note is text, whatever it looks like; the picture is asked for', async ({ page, reader }) => {
  await reader.open('?lang=en');
  await reader.giveAndRead(FILM);
  await page.getByTestId('share').click();
  const field = page.getByTestId('share-link');
  const bare = await field.inputValue();
  expect(decodeLink(bare).preview).toBeUndefined();
  await expect(page.getByTestId('qr')).toBeVisible();
  const note = '<img src=x onerror="document.title=1"> \u202egnp.exe 请看下野 {{name}}';
  await page.getByTestId('share-note').fill(note);
  // What it means is said before it is asked for.
  const picture = page.getByTestId('share-preview');
  await expect(picture).not.toBeChecked();
  await expect(picture).toHaveAccessibleDescription(/part of the patient’s film.*cannot be taken back/);
  await expect(page.getByText('part of the patient’s film')).toBeVisible();
  await picture.check();
  await expect(page.locator('.share .preview-picture')).toBeVisible();
  const link = await field.inputValue();
  expect(decodeLink(link).preview).toMatchObject({ width: 64, height: 60 });
  await shot(page, 'share-dialog');
  await page.goto('about:blank');
  await page.goto(link);
  await expect(page.getByTestId('shared-note')).toHaveText(note.replace('\u202e', '\ufffd'));
  await expect(page.getByTestId('shared-note').locator('img')).toHaveCount(0);
  await expect(page.locator('.link-picture canvas')).toBeVisible();
  // Too long a note stays out of the link and says so.
  await page.getByRole('button', { name: 'Read a film of your own' }).click();
  await reader.giveAndRead(FILM);
  await page.getByTestId('share').click();
  await page.getByTestId('share-note').fill('x'.repeat(281));
  await expect(page.getByRole('alert')).toContainText('1 letter');
  expect(decodeLink(await field.inputValue()).note).toBeUndefined();
});

test('the link is copied, by button and by keyboard alone', async ({ page, reader, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await reader.open('?lang=en');
  await reader.giveAndRead(FILM);
  await page.getByTestId('share').focus();
  await page.keyboard.press('Enter');
  const copy = page.getByRole('button', { name: 'Copy the link' });
  for (let i = 0; i < 6 && !(await copy.evaluate((button) => button === document.activeElement)); i++)
    await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Copied')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await page.getByTestId('share-link').inputValue());
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByTestId('share')).toBeFocused();
});

test('the system’s own sheet gets the link, where there is one', async ({ page, reader }) => {
  // Chromium on Linux has none, so the test stands in for it; closing it without sending is no error.
  await page.addInitScript(() => {
    const sent: unknown[] = [];
    Object.assign(globalThis, { sent });
    const share = (data: unknown): Promise<void> => {
      sent.push(data);
      return Promise.reject(new DOMException('Closed.', 'AbortError'));
    };
    Object.defineProperty(navigator, 'share', { value: share, configurable: true });
  });
  await reader.open('?lang=en');
  await reader.giveAndRead(FILM);
  const link = await linkOf(page);
  await page.getByRole('button', { name: 'Send…', exact: true }).press('Enter');
  expect(await page.evaluate(() => (globalThis as unknown as { sent: unknown[] }).sent)).toEqual([{ url: link }]);
});

for (const language of ['en', 'zh'] as const)
  test(`axe finds nothing in links and dialogues, dark or light, wide or narrow (${language})`, async ({ page, reader }) => {
    test.setTimeout(150_000);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const check = async (state: string): Promise<void> => {
      // Colours and widths do not depend on one another, nor on the language: each is seen twice.
      const looks = [
        { colorScheme: language === 'en' ? 'dark' : 'light', viewport: { width: 1280, height: 800 } },
        { colorScheme: language === 'en' ? 'light' : 'dark', viewport: { width: 360, height: 740 } },
      ] as const;
      for (const { colorScheme, viewport } of looks) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(viewport);
        await shot(page, `${state}-${language}-${colorScheme}-${viewport.width}`);
        const { violations } = await new AxeBuilder({ page }).analyze();
        const found = violations.map(({ id, nodes }) => ({ id, where: nodes.map(({ html }) => html) }));
        expect.soft(found, `${state}, ${colorScheme}, ${viewport.width}`).toEqual([]);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect.soft(wide, `${state}: scrolls sideways at ${viewport.width}`).toBe(0);
      }
    };
    await reader.open(`?lang=${language}`);
    await reader.giveAndRead(FILM);
    await page.getByTestId('share').click();
    await page.getByTestId('share-note').fill('A note');
    await page.getByTestId('share-preview').check();
    const link = new URL(await page.getByTestId('share-link').inputValue());
    await check('share');
    await page.keyboard.press('Escape');
    await page.getByTestId('save').click();
    await check('save');
    await page.keyboard.press('Escape');
    await page.goto('about:blank');
    await page.goto(`./?lang=${language}${link.hash}`);
    await expect(shared(page)).toBeVisible();
    await check('link');
    await reader.give(FILM);
    await expect(page.getByTestId('findings')).toBeVisible();
    await check('link-checked');
  });

test('exports hold the numbers, and no file name unless it is ticked', async ({ page, reader }) => {
  await reader.open('?lang=en');
  await reader.giveAndRead(FILM);
  const numbers = await reader.numbers();
  await page.getByTestId('save').click();
  const take = async (format: 'png' | 'csv' | 'json'): Promise<{ name: string; bytes: Buffer }> => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId(`save-${format}`).click()]);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  };
  const silent = { png: await take('png'), csv: await take('csv'), json: await take('json') };
  for (const [format, { name, bytes }] of Object.entries(silent)) {
    expect(name).toMatch(new RegExp(`^position-scores-[0-9a-f]{8}\\.${format}$`));
    expect(bytes.toString('latin1')).not.toMatch(/Doe|Jane|1957/);
  }
  const document = JSON.parse(silent.json.bytes.toString()) as {
    version: number;
    films: { score: number; positions: { probability: number; name: string }[]; pack: { sha256: string } }[];
  };
  const [film] = document.films;
  expect(document.version).toBe(1);
  expect([...(film?.positions ?? []).map(({ probability }) => probability), film?.score]).toEqual(numbers);
  expect(film?.positions[0]?.name).toBe("patient's right lung");
  const [header, row] = silent.csv.bytes.toString().split('\r\n');
  const cell = (column: string) => row?.split(',')[header?.split(',').indexOf(column) ?? -1];
  expect(Number(cell('image_score'))).toBe(numbers[5]);
  expect(Number(cell('patient_right_lung'))).toBe(numbers[0]);
  expect(cell('pack_sha256')).toBe(film?.pack.sha256);

  const picture = decode(silent.png.bytes);
  expect(picture.width).toBe(1200 + 2 * 84 + 620);
  expect(burntIn(picture)).toBe(true);

  await page.getByTestId('save-name').check();
  expect((await take('csv')).bytes.toString()).toContain(FILM.name);
  expect((await take('json')).bytes.toString()).toContain(FILM.name);
  const named = await take('png');
  expect(named.bytes.equals(silent.png.bytes)).toBe(false);
  expect(named.name).toBe(silent.png.name);
});

/** Whether the lower end of the film (120 to 1284 from the left, 46 pixels high) is darkened and has white letters on it. */
function burntIn({ width, data, channels }: ReturnType<typeof decode>): boolean {
  // The phantom is 320 x 300: on the picture 1200 x 1125, from 84 pixels on.
  const bottom = 84 + 1125;
  let white = 0;
  for (let y = bottom - 46; y < bottom; y++)
    for (let x = 84; x < 84 + 1200; x++) if ((data[(y * width + x) * channels] ?? 0) > 240) white++;
  return white > 500 && white < 20_000;
}

test('the printed report says what it is for and where it comes from, and no name unless ticked', async ({ page, reader }) => {
  await page.addInitScript(() => {
    window.print = () => {
      window.dispatchEvent(new Event('beforeprint'));
      Object.assign(globalThis, { printed: { title: document.title, named: document.documentElement.dataset['printName'] } });
      window.dispatchEvent(new Event('afterprint'));
    };
  });
  await reader.open('?lang=en');
  await reader.giveAndRead(FILM);
  const printed = () => page.evaluate(() => (globalThis as unknown as { printed?: { title: string; named?: string } }).printed);
  await page.getByRole('button', { name: 'Print', exact: true }).click();
  expect(await printed()).toEqual({ title: 'Position scores of a chest film' });
  await page.emulateMedia({ media: 'print' });
  const paper = await page.evaluate(() => document.body.innerText);
  for (const words of [
    'Research use, not for diagnosis.',
    'Patient',
    await reader.imageScore.innerText(),
    'Model hash',
    'ppad-web',
  ])
    expect(paper).toContain(words);
  expect(paper).not.toMatch(/Doe|Jane|1957/);
  // A PDF keeps alternative texts: none of them may have the name either.
  const texts = await page.evaluate(() =>
    [...document.querySelectorAll('[aria-label], [title]')]
      .filter((one) => one.checkVisibility())
      .map((one) => `${one.getAttribute('aria-label')} ${one.getAttribute('title')}`),
  );
  expect(texts.join('\n')).not.toMatch(/Doe|Jane|1957/);
  await page.setViewportSize({ width: 794, height: 1123 });
  await shot(page, 'print');
  await page.emulateMedia({ media: 'screen' });
  await page.setViewportSize({ width: 1280, height: 800 });

  await page.getByTestId('save').click();
  await page.getByTestId('save-name').check();
  await page.getByTestId('save-print').click();
  await expect.poll(async () => (await printed())?.named).toBe('true');
  expect((await printed())?.title).toContain(FILM.name);

  const link = await linkOf(page);
  await page.goto('about:blank');
  await page.goto(link);
  await expect(shared(page)).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  expect(await page.evaluate(() => document.body.innerText)).toContain('Research use, not for diagnosis.');
  await page.setViewportSize({ width: 794, height: 1123 });
  await shot(page, 'print-link');
});
