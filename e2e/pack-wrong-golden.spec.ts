import { phantom } from './films.js';
import { expect, test } from './fixtures.js';
import { OVERLAYS } from './packs.js';

test.use({ overlays: [OVERLAYS.wrongGolden] });

test('a pack whose golden vector no backend reproduces scores no film, and the page says why', async ({ reader }) => {
  await reader.open();
  await expect(reader.error).toHaveAttribute('data-code', 'BACKEND_WRONG');
  await expect(reader.backend).toContainText('not running');
  await reader.give(phantom('film.png'));
  await expect(reader.error).toContainText('film.png');
  await expect(reader.error).toHaveAttribute('data-code', 'BACKEND_WRONG');
  await expect(reader.result).toHaveCount(0);
});
