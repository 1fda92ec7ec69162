import { phantom } from './films.js';
import { expect, test } from './fixtures.js';
import { OVERLAYS } from './packs.js';

test.use({ overlays: [OVERLAYS.wrongBytes] });

test('a pack whose bytes are not those of its manifest is not used, and the page stays alive', async ({ reader, page }) => {
  await reader.open();
  await expect(reader.error).toHaveAttribute('data-code', 'PACK_HASH');
  await reader.error.locator('summary').click();
  await expect(reader.error).toContainText('vision.bin');
  await reader.give(phantom('film.png'));
  await expect(reader.error).toContainText('film.png');
  await expect(reader.error).toHaveAttribute('data-code', 'PACK_HASH');
  await expect(reader.result).toHaveCount(0);
  await page.getByRole('button', { name: '中文' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hans');
});
