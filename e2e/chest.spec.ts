import { AxeBuilder } from '@axe-core/playwright';
import { drawPhantom, encodePng } from '../src/core/film/phantom.js';
import type { Film } from './films.js';
import { expect, test } from './fixtures.js';

// On the model that ships: only a trained check knows a chest.
test.use({ overlays: [] });
test.setTimeout(180_000);

const drawn = drawPhantom({ opacity: true });

function film(name: string, pixels: Uint8Array): Film {
  return { name, mimeType: 'image/png', buffer: Buffer.from(encodePng({ ...drawn, pixels })) };
}

test('a picture that is no upright frontal film is doubted beside its scores, and the text tower stays on the server', async ({
  page,
  reader,
}) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await reader.open();
  const notice = page.getByTestId('chest-notice');

  await reader.giveAndRead(film('upside-down.png', drawn.pixels.slice().reverse()));
  await expect(notice).toContainText('may not be an upright frontal chest film');
  await expect(notice).toHaveAttribute('data-reason', /^(upside-down|sideways|inverted|unfamiliar)$/);
  for (const number of await reader.numbers()) expect(number).toBeGreaterThan(0);
  await expect(page.getByRole('status').first()).toContainText('may not be an upright frontal chest film');

  await reader.giveAndRead(
    film(
      'inverted.png',
      drawn.pixels.map((grey) => 255 - grey),
    ),
  );
  await expect(notice).toBeVisible();
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  }

  await reader.giveAndRead(film('upright.png', drawn.pixels));
  // A drawing, which the check may or may not take for a film: what is said follows it.
  const flagged = (await page.getByTestId('chest-check').getAttribute('data-flagged')) === 'true';
  await expect(notice).toHaveCount(flagged ? 1 : 0);

  expect(asked.filter((path) => /(text\.(onnx|bin)|tokens\.(bin|json))$/.test(path))).toEqual([]);
  expect(asked.some((path) => path.endsWith('chest-check.safetensors'))).toBe(true);
});

test('the card is a page of its own, that starts no engine and prints', async ({ page, context, reader }) => {
  await reader.open();
  await reader.giveAndRead(film('upright.png', drawn.pixels));
  const opened = context.waitForEvent('page');
  await page.getByRole('link', { name: 'card on a page' }).click();
  const card = await opened;
  await card.close();
  await expect(reader.result).toBeVisible();

  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  for (const language of ['en', 'zh']) {
    await page.goto(`./?card&lang=${language}`);
    const main = page.getByTestId('card-page');
    await expect(main.getByRole('heading', { level: 1 })).toHaveCount(1);
    await expect(main).toContainText(/not a medical device/i);
    await expect(main.getByRole('heading', { name: 'Is it a chest film at all?' })).toBeVisible();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  }
  expect(asked.filter((path) => /\.(bin|onnx|wasm)$/.test(path))).toEqual([]);
  await expect(page).toHaveTitle(/^模型说明卡/);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('banner').getByRole('button')).toBeHidden();
});
