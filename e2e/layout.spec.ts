import type { Page } from '@playwright/test';
import { POSITION_IDS, type PositionId } from '../src/core/result.js';
import { fixtureFilm, phantom } from './films.js';
import { expect, test } from './fixtures.js';
import type { Reader } from './reader.js';

/** Waits until the page is no wider than the window, in the machine's own letters and in wide ones; else names what is to blame. */
async function fits(page: Page, state: string): Promise<void> {
  for (const font of ['', 'monospace']) {
    await page.evaluate((family) => (document.body.style.fontFamily = family), font);
    await expect.soft
      .poll(() => overflow(page), { message: `${state}, letters: ${font || 'own'}`, timeout: 5_000 })
      .toBeUndefined();
  }
  await page.evaluate(() => (document.body.style.fontFamily = ''));
}

/** How far the page is wider than the window, and who is to blame. */
async function overflow(page: Page): Promise<unknown> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return undefined;
    const wide = [...document.querySelectorAll('body *')].filter(
      (element) => element.getBoundingClientRect().right > clientWidth + 1,
    );
    return { scrollWidth, clientWidth, wide: wide.slice(0, 3).map((element) => element.outerHTML.slice(0, 100)) };
  });
}

async function box(reader: Reader): Promise<{ x: number; y: number; width: number; height: number }> {
  const found = await reader.film.boundingBox();
  if (!found) throw new Error('There is no film on stage.');
  return found;
}

const SCREENS = [
  { name: 'a small phone', width: 360, height: 640, share: 0.8, zh: false },
  { name: 'a phone', width: 390, height: 844, share: 0.8, zh: true },
  { name: 'a tablet', width: 820, height: 1180, share: 0.6, zh: false },
  { name: 'a laptop', width: 1366, height: 768, share: 0.7, zh: true },
  { name: '4K', width: 3840, height: 2160, share: 0.8, zh: false },
];

test('from 360 pixels to 4K nothing is cut off, and the film is in the first screen, large', async ({ page, reader }) => {
  await reader.open();
  const film = phantom('a-film-with-a-name-much-longer-than-anyone-would-like-it-to-be-on-a-phone.png', {
    width: 500,
    height: 500,
  });
  const check = async (state: string): Promise<void> => {
    for (const { name, width, height } of SCREENS) {
      await page.setViewportSize({ width, height });
      await fits(page, `${state} on ${name}`);
    }
  };
  await check('the start page');
  await reader.give(fixtureFilm('cmyk.jpg'));
  await expect(reader.error).toBeVisible();
  await check('an error');

  await reader.giveAndRead(film);
  for (const { name, width, height, share, zh } of SCREENS) {
    await test.step(name, async () => {
      await page.setViewportSize({ width, height });
      await page.evaluate(() => scrollTo(0, 0));
      await expect(async () => {
        const { x, y, width: across, height: down } = await box(reader);
        expect(x).toBeGreaterThanOrEqual(0);
        expect(x + across).toBeLessThanOrEqual(width);
        expect(y).toBeGreaterThanOrEqual(0);
        expect(y + down).toBeLessThanOrEqual(height);
        // As large as the window allows: what the shorter way leaves to head, brackets and marks is little.
        expect(Math.max(across / width, down / height)).toBeGreaterThan(share);
        expect(across / down).toBeCloseTo(1, 1);
      }).toPass({ timeout: 10_000 });
      if (zh) {
        await page.getByRole('button', { name: '中文' }).click();
        await fits(page, `in Chinese on ${name}`);
        await page.getByRole('button', { name: 'English' }).click();
      }
    });
  }
  await page.getByRole('button', { name: 'Table' }).click();
  await reader.backend.click();
  await check('table and menu');
  await page.keyboard.press('Escape');
  await test.step('the list', async () => {
    for (const { name, width, height } of SCREENS) {
      await page.setViewportSize({ width, height });
      // A rail where there is room, a sheet that is opened anew where there is none.
      const toggle = page.getByTestId('list-toggle');
      await expect(async () => {
        if ((await toggle.getAttribute('aria-expanded')) === 'false') await toggle.click();
        await expect(reader.row(film.name)).toBeVisible({ timeout: 1_000 });
      }).toPass();
      await fits(page, `the list on ${name}`);
      // A window that was just made small is drawn once before the page's code hears of it.
      await page.locator('.page').evaluate((element) => element.setAttribute('data-list', 'true'));
      await fits(page, `the list as a rail on ${name}`);
      await page.locator('.page').evaluate((element, rail) => element.setAttribute('data-list', String(rail)), width > 1024);
    }
  });
});

test('a footprint is the union of the patches that the model saw', async ({ page, reader }) => {
  await reader.open();
  await reader.giveAndRead(phantom('film.png'));
  // The pack's grid is 7 x 7: halves at 3.5 patches touch the middle patch from both sides; 120 of 224 rows end in the fourth.
  const union: Record<PositionId, readonly [top: number, left: number, bottom: number, right: number]> = {
    left: [0, 0, 7, 4],
    right: [0, 3, 7, 7],
    upper: [0, 0, 4, 7],
    lower: [3, 0, 7, 7],
    whole: [0, 0, 7, 7],
  };
  const film = await box(reader);
  for (const [i, id] of POSITION_IDS.entries()) {
    await page.keyboard.press(String(i + 1));
    const shown = await reader.footprint(id).boundingBox();
    const [top, left, bottom, right] = union[id];
    const want = {
      x: film.x + (film.width * left) / 7,
      y: film.y + (film.height * top) / 7,
      width: (film.width * (right - left)) / 7,
      height: (film.height * (bottom - top)) / 7,
    };
    for (const side of ['x', 'y', 'width', 'height'] as const)
      expect(Math.abs((shown?.[side] ?? NaN) - want[side]), `${side} of ${id}`).toBeLessThan(1);
    await expect(page.getByTestId('readout')).toContainText(`${right - left} × ${bottom - top} of 7 × 7 patches`);
  }
});

test('pointing works both ways', async ({ page, reader }) => {
  await reader.open();
  await reader.giveAndRead(phantom('film.png'));
  const { x, y, width, height } = await box(reader);
  const readout = page.getByTestId('readout');
  const pointAt = (right: number, down: number): Promise<void> => page.mouse.move(x + right * width, y + down * height);
  // Neither is pointed at by its text, which takes no room on a machine without any font.
  const row = (id: PositionId) => page.locator('.position', { has: reader.score(id) });
  const flip = (): Promise<void> => page.getByTestId('flip').press('Enter');

  await test.step('at the film: the positions that hold the point', async () => {
    await pointAt(0.1, 0.1);
    await expect(readout).toHaveText(/^Here: patient's right lung \d\.\d+ *upper zones \d\.\d+ *whole film \d\.\d+$/);
    await pointAt(0.9, 0.9);
    await expect(readout).toHaveText(/^Here: patient's left lung \d\.\d+ *lower zones \d\.\d+ *whole film \d\.\d+$/);
    // The middle patch is part of all five.
    await pointAt(0.5, 0.5);
    await expect(readout.locator('span')).toHaveCount(5);
    await expect(page.locator('[data-here=true] [data-testid^=score-]')).toHaveCount(5);
  });

  await test.step('at a row or a bracket: its footprint; a click keeps it', async () => {
    await row('lower').hover();
    await expect(reader.footprint('lower')).toBeVisible();
    await row('right').click();
    await page.mouse.move(0, 0);
    await expect(reader.footprint('right')).toBeVisible();
    await page.locator('.bracket.upper').hover();
    await expect(reader.footprint('upper')).toBeVisible();
    await page.mouse.move(0, 0);
    await expect(reader.footprint('upper')).toHaveCount(0);
    await expect(reader.footprint('right')).toBeVisible();
    await row('right').click();
    await page.mouse.move(0, 0);
    await expect(reader.footprint('right')).toHaveCount(0);
  });

  await test.step('flip: marks and names change sides, ids, scores and pixels stay', async () => {
    const marks = page.locator('.frame .mark');
    const names = async (): Promise<string[]> =>
      Promise.all(POSITION_IDS.map(async (id) => (await reader.score(id).getAttribute('aria-label')) ?? ''));
    const picture = (): Promise<string> => reader.film.evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    const [numbers, before, pixels] = [await reader.numbers(), await names(), await picture()];
    await expect(marks).toHaveText(['R', 'L']);
    expect(before[0]).toMatch(/^patient's right lung/i);
    expect(before[1]).toMatch(/^patient's left lung/i);

    await flip();
    await expect(marks).toHaveText(['L', 'R']);
    await expect(reader.result).toHaveAttribute('data-sides', 'flipped');
    await expect(reader.result).toContainText('flipped by you');
    const after = await names();
    expect(after[0]).toMatch(/^patient's left lung/i);
    expect(after[1]).toMatch(/^patient's right lung/i);
    expect(after.slice(2)).toEqual(before.slice(2));
    expect(await reader.numbers()).toEqual(numbers);
    expect(await picture()).toBe(pixels);
    await pointAt(0.1, 0.1);
    await expect(readout).toContainText("patient's left lung");

    await flip();
    await expect(marks).toHaveText(['R', 'L']);
    expect(await names()).toEqual(before);
  });
});
