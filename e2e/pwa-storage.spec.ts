import type { Page } from '@playwright/test';
import { phantom } from './films.js';
import { expect, test } from './fixtures.js';

const FILM = phantom('film.png', { opacity: true });
const KINDS = ['shell', 'engine', 'models', 'imported', 'settings'] as const;

async function stored(page: Page, what: 'files' | 'bytes'): Promise<Record<string, number>> {
  const values = KINDS.map(async (kind) => [kind, Number(await page.getByTestId(`stored-${kind}`).getAttribute(`data-${what}`))]);
  return Object.fromEntries(await Promise.all(values)) as Record<string, number>;
}

/** Everything of this origin that a page can see, past the app's own counting. */
function left(page: Page) {
  return page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const folders: string[] = [];
    for await (const name of (root as unknown as { keys(): AsyncIterable<string> }).keys()) folders.push(name);
    return {
      caches: await caches.keys(),
      folders,
      keys: [...Object.keys(localStorage), ...Object.keys(sessionStorage)],
      workers: (await navigator.serviceWorker.getRegistrations()).length,
      databases: (await indexedDB.databases()).length,
    };
  });
}

test('what was sent and stored is shown, cleared on request, and fetched again', async ({ page, reader, server, context }) => {
  // Four visits, each with a model that starts from nothing.
  test.setTimeout(240_000);
  await reader.open();
  await reader.giveAndRead(FILM);
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByRole('button', { name: 'English' }).click();
  await reader.kept();

  await test.step('another app of the host has stored something too', () =>
    page.evaluate(async () => {
      localStorage.setItem('another-app', 'its own');
      await caches.open('another-app');
    }));

  await page.getByTestId('result').getByTestId('privacy-link').click();
  const sent = page.getByTestId('sent');
  await expect(sent).toHaveText('Nothing.');
  await expect(sent).toHaveAttribute('data-foreign', '0');
  await expect.poll(async () => Number(await sent.getAttribute('data-own'))).toBeGreaterThan(10);
  await page.getByText('Every file').click();
  await expect(page.locator('.privacy-requests')).toContainText('models/default/vision.bin');
  await expect(page.locator('.privacy-requests')).toContainText('.wasm');
  const bytes = await stored(page, 'bytes');
  expect(bytes['shell']).toBeGreaterThan(500_000);
  expect(bytes['engine']).toBeGreaterThan(13_000_000);
  expect(bytes['models']).toBeGreaterThan(10_000);
  expect(bytes['settings']).toBeGreaterThan(0);
  await expect(page.getByTestId('quota')).toContainText(/takes [\d.,]+ MB of [\d.,]+ [MG]B/);
  await expect(page.getByTestId('offline')).toHaveAttribute('data-offline', 'ready');

  await test.step('clearing asks first', async () => {
    await page.getByTestId('clear').click();
    await page.getByRole('button', { name: 'Keep', exact: true }).click();
    expect(await stored(page, 'bytes')).toEqual(bytes);
    await page.getByTestId('clear').click();
    await page.getByTestId('clear-confirm').click();
    await expect(page.getByText('Cleared.')).toBeVisible();
    expect(await stored(page, 'files')).toEqual({ shell: 0, engine: 0, models: 0, imported: 0, settings: 0 });
  });
  expect(await left(page)).toEqual({ caches: ['another-app'], folders: [], keys: ['another-app'], workers: 0, databases: 0 });

  await test.step('the window works on, and the next visit fetches everything again', async () => {
    await page.keyboard.press('Escape');
    await reader.giveAndRead({ ...FILM, name: 'after.png' });
    server.asked.length = 0;
    await page.reload();
    await reader.giveAndRead(FILM);
    expect(server.asked.some(({ path }) => path.endsWith('vision.bin'))).toBe(true);
    await reader.kept();
  });

  await test.step('what the browser evicts is fetched again, though the service worker is there', async () => {
    const client = await context.newCDPSession(page);
    const { origin } = new URL(server.url);
    await client.send('Storage.clearDataForOrigin', { origin, storageTypes: 'cache_storage,file_systems,indexeddb' });
    expect(await left(page)).toMatchObject({ caches: [], workers: 1 });
    server.asked.length = 0;
    await page.reload();
    await reader.giveAndRead(FILM);
    await reader.kept();
    expect(server.asked.some(({ path }) => path.endsWith('vision.bin'))).toBe(true);
  });

  await test.step('the service worker cannot reach another host either', async () => {
    const worker = context.serviceWorkers().at(-1);
    expect(await worker?.evaluate(() => fetch('http://localhost:9/').catch((error: unknown) => String(error)))).toMatch(
      /TypeError/,
    );
  });
});
