import { phantom } from './films.js';
import { expect, test } from './fixtures.js';

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
});
