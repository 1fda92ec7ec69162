import { readFileSync } from 'node:fs';
import { phantom } from './films.js';
import { expect, test } from './fixtures.js';

/** Links that another program wrote: what they say is known. */
const [LINK] = JSON.parse(readFileSync(new URL('../src/core/link/fixtures/golden-v1.json', import.meta.url), 'utf8')) as {
  link: string;
  says: { score: number };
}[];
const FILM = phantom('film.png', { opacity: true });

test.describe('without a network', () => {
  // What is asked of a server that is gone is told on the console: the check for a newer version.
  test.use({ expectedConsole: /net::ERR_/ });

  test('after one visit the page opens, loads its model and scores', async ({ page, reader, server, context }) => {
    await reader.open();
    await reader.giveAndRead(FILM);
    const numbers = await reader.numbers();
    await expect(page.locator('.page')).toHaveAttribute('data-offline', 'ready');

    server.refuse();
    await context.setOffline(true);
    await page.reload();
    await reader.giveAndRead(FILM);
    expect(await reader.numbers()).toEqual(numbers);
    await expect(reader.backend).toHaveText(/WASM × \d+/);
  });

  test('after one visit a result link opens, through the service worker', async ({ page, reader, server, context }) => {
    await reader.open();
    await reader.giveAndRead(FILM);
    await reader.kept();
    server.refuse();
    await context.setOffline(true);
    await page.goto('about:blank');
    await page.goto(`./#${LINK?.link}`);
    await expect(page.locator('.page')).toHaveAttribute('data-view', 'link');
    await expect(page.getByTestId('image-score')).toHaveAttribute('data-value', String(LINK?.says.score));
  });
});
