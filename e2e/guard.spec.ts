import { test } from './fixtures.js';

// The guard in fixtures.ts watches every other test: here each thing that it must notice happens, and the test has to fail for it.
test.describe('the guard notices', () => {
  test.fail();

  test('a request to elsewhere', async ({ page }) => {
    await page.goto('./');
    await page.evaluate(() => fetch('http://localhost:9/').catch(() => undefined));
  });

  test('a breach of the policy', async ({ page }) => {
    await page.goto('./');
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'globalThis.injected = true';
      document.body.append(script);
    });
  });

  test('an uncaught error', async ({ page }) => {
    await page.goto('./');
    await page.evaluate(() => {
      setTimeout(() => {
        throw new Error('uncaught');
      });
      return new Promise((resolve) => setTimeout(resolve, 50));
    });
  });
});

test('a quiet page passes the guard', async ({ page }) => {
  await page.goto('./');
});
