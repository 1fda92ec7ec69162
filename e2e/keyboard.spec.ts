import type { Locator, Page } from '@playwright/test';
import { POSITION_IDS } from '../src/core/result.js';
import { expect, test } from './fixtures.js';

const MOST_STOPS = 40;

/** Presses Tab until `target` has the focus, as one without a mouse does. Each stop on the way must show that it has it. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    await page.keyboard.press('Tab');
    const seen = await page.evaluate(() => {
      const focused = document.activeElement;
      if (!focused || focused === document.body) return undefined;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(focused);
      // A row of positions shows it in its button's own area, which is a pseudo-element.
      const area = getComputedStyle(focused, '::after');
      const rings = [outlineStyle !== 'none' && outlineWidth !== '0px', boxShadow !== 'none', area.outlineStyle !== 'none'];
      return { ring: rings.includes(true), what: focused.outerHTML.slice(0, 120) };
    });
    if (seen && !seen.ring) throw new Error(`Focus does not show on ${seen.what}`);
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`Tab does not reach ${target.toString()}`);
}

test('from the page to a result and through all of it, without a mouse', async ({ page, reader }) => {
  await reader.open();
  const press = (key: string): Promise<void> => page.keyboard.press(key);

  await test.step('a sample', async () => {
    await tabTo(page, page.getByTestId('sample-opacity'));
    await press('Enter');
    await reader.read('phantom-opacity.png');
    const told = page.getByRole('status').filter({ hasText: 'image score' });
    await expect(told).toHaveText(/phantom-opacity\.png: image score \d\.\d+, (above|below) /i);
  });

  await test.step('keys 1 to 5 pin and let go', async () => {
    for (const [i, id] of POSITION_IDS.entries()) {
      await press(String(i + 1));
      await expect(reader.footprint(id)).toBeVisible();
      await expect(reader.score(id)).toHaveAttribute('aria-pressed', 'true');
      await expect(page.locator('[data-testid^=footprint-]')).toHaveCount(1);
    }
    await press('5');
    await expect(reader.footprint('whole')).toHaveCount(0);
    await press('2');
    await press('Escape');
    await expect(page.locator('[data-testid^=footprint-]')).toHaveCount(0);
  });

  await test.step('focus on a row shows its footprint, Enter pins it', async () => {
    await tabTo(page, reader.score('upper'));
    await expect(reader.footprint('upper')).toBeVisible();
    await press('Enter');
    await expect(reader.score('upper')).toHaveAttribute('aria-pressed', 'true');
    await press('Tab');
    await expect(reader.footprint('lower')).toBeVisible();
    await press('Shift+Tab');
    await press('Space');
    await expect(reader.score('upper')).toHaveAttribute('aria-pressed', 'false');
  });

  await test.step('how strongly it is drawn', async () => {
    await press('3');
    const slider = page.getByRole('slider', { name: 'Footprint' });
    await tabTo(page, slider);
    await press('ArrowRight');
    await expect(slider).toHaveValue('0.55');
    await expect(reader.footprint('upper')).toHaveCSS('--opacity', '0.55');
    await tabTo(page, page.getByRole('button', { name: 'Unpin' }));
    await press('Enter');
    await expect(reader.footprint('upper')).toHaveCount(0);
  });

  await test.step('flip', async () => {
    await tabTo(page, page.getByTestId('flip'));
    await press('Space');
    await expect(reader.result).toHaveAttribute('data-sides', 'flipped');
    await expect(reader.score('left')).toHaveAccessibleName(/patient's left lung/i);
  });

  await test.step('the numbers as a table', async () => {
    const table = page.getByRole('table', { name: 'Scores of phantom-opacity.png' });
    await expect(table.getByRole('row')).toHaveCount(7);
    await tabTo(page, page.getByRole('button', { name: 'Table' }));
    await press('Enter');
    await expect(table).toBeVisible();
    const whole = table.getByRole('row', { name: /whole film/i });
    await expect(whole.getByRole('cell').first()).toHaveText((await reader.score('whole').innerText()).trim());
  });

  await test.step('the card', async () => {
    await tabTo(page, page.getByRole('button', { name: 'card' }));
    await press('Enter');
    const dialog = page.getByRole('dialog', { name: /Model card/ });
    await expect(dialog.getByRole('heading', { level: 3 })).toHaveText('A fixture of random weights');
    await press('1');
    await press('Escape');
    await expect(dialog).toHaveCount(0);
    await expect(page.locator('[data-testid^=footprint-]')).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'card' })).toBeFocused();
  });

  await test.step('another backend', async () => {
    await tabTo(page, reader.backend);
    await press('Enter');
    await press('Tab');
    await press('ArrowUp');
    await expect(page.getByRole('radio', { name: /^WASM, 1 thread/ })).toBeChecked();
    await expect(reader.backend).toHaveText(/WASM, 1 thread/);
    await press('Escape');
    await expect(reader.backend).toBeFocused();
  });

  await test.step('another language', async () => {
    await tabTo(page, page.getByRole('button', { name: '中文' }));
    await press('Enter');
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hans');
    await expect(reader.score('left')).toHaveAccessibleName(/患者左肺/);
    expect(new URL(page.url()).searchParams.get('lang')).toBe('zh');
    await page.keyboard.press('Enter');
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  });
});
