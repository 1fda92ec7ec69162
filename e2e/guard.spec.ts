import { expect, test } from './fixtures.js';

// The guard in fixtures.ts watches every other test. Here each thing that it must notice happens, and is taken back.
test.describe('the guard notices', () => {
  let expected: RegExp;

  test.afterEach(async ({ page, complaints }) => {
    await expect.poll(() => complaints.join('\n')).toMatch(expected);
    await page.close();
    complaints.length = 0;
  });

  test('a request to elsewhere', async ({ page }) => {
    expected = /localhost:9/;
    await page.goto('./');
    await page.evaluate(() => fetch('http://localhost:9/').catch(() => undefined));
  });

  test('a breach of the policy', async ({ page }) => {
    expected = /inline script violates/;
    await page.goto('./');
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'globalThis.injected = true';
      document.body.append(script);
    });
  });

  test('an uncaught error', async ({ page }) => {
    expected = /uncaught: of the test/;
    await page.goto('./');
    await page.evaluate(() => {
      setTimeout(() => {
        throw new Error('of the test');
      });
    });
  });
});
