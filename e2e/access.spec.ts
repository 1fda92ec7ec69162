import { AxeBuilder } from '@axe-core/playwright';
import { fixtureFilm, phantom } from './films.js';
import { expect, test } from './fixtures.js';

for (const language of ['en', 'zh'] as const)
  test(`axe finds nothing in any state, light or dark (${language})`, async ({ page, reader, server }) => {
    test.setTimeout(120_000);
    // Colours in the middle of a fade are nobody's choice.
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const check = async (state: string): Promise<void> => {
      // Words change nothing about colours.
      for (const colorScheme of language === 'en' ? (['dark', 'light'] as const) : (['light'] as const)) {
        await page.emulateMedia({ colorScheme });
        const { violations } = await new AxeBuilder({ page }).analyze();
        const found = violations.map(({ id, nodes }) => ({
          id,
          where: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`),
        }));
        expect.soft(found, `${state}, ${colorScheme}`).toEqual([]);
      }
    };

    const release = server.hold(/vision\.bin$/);
    await reader.open(`?lang=${language}`);
    await expect(page.locator('html')).toHaveAttribute('lang', language === 'zh' ? 'zh-Hans' : 'en');
    await expect(reader.progress).toBeVisible();
    await check('start page, model on its way');
    await reader.give(phantom('film.png'), phantom('second.png'));
    await expect(reader.progress).toContainText('film.png');
    await check('a film waits for the model');
    release();

    await reader.read('film.png');
    await expect(page.getByTestId('queue')).toHaveAttribute('data-scored', '2');
    await check('result, the list beside it');
    await page.keyboard.press('3');
    await expect(reader.footprint('upper')).toBeVisible();
    await check('footprint pinned');
    await page.getByTestId('flip').click();
    await page.locator('.positions header button').click();
    await check('flipped, as a table');

    await reader.backend.click();
    await expect(page.getByRole('radio').first()).toBeVisible();
    await check('backend menu');
    await page.keyboard.press('Escape');
    await page.getByTestId('film-row').nth(1).hover();
    await check('list, a row pointed at');
    await page.setViewportSize({ width: 360, height: 700 });
    await page.getByTestId('list-toggle').click();
    await expect(page.getByTestId('film-grid')).toBeFocused();
    await check('list as a sheet');
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('worklist')).toHaveCount(0);
    await page.setViewportSize({ width: 1280, height: 720 });

    await page.getByTestId('open-card').click();
    await expect(page.getByRole('dialog').getByRole('heading', { level: 3 }).first()).toBeVisible();
    await check('model card');
    await page.keyboard.press('Escape');
    await page.getByRole('banner').getByRole('button').last().click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await check('help');
    await page.keyboard.press('Escape');

    await reader.give(fixtureFilm('cmyk.jpg'));
    await expect(reader.error).toBeVisible();
    // In Chinese the program's own words lie one fold deeper.
    for (const fold of await reader.error.locator('summary').all()) await fold.click();
    await check('error with its details');
    await page.locator('.brand').click();
    await expect(reader.error).toHaveCount(0);
    await check('start page, model ready');
  });
