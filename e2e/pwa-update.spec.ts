import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { build } from 'vite';
import { PAGE, ROOT, WORK } from '../scripts/paths.mjs';
import { phantom } from './films.js';
import { expect, test as base } from './fixtures.js';
import { OVERLAYS } from './packs.js';
import { StaticHost } from './static-host.js';

const NEXT = join(WORK, 'e2e-next-build');
/** What a deployment that went wrong leaves: the newest version.json, and a service worker that does not run. */
const BROKEN = join(WORK, 'e2e-broken-build');
const FIRST_FILM = phantom('first.png', { opacity: true });

const test = base.extend<{ host: StaticHost; deploy: (...folders: string[]) => void }>({
  host: async ({}, use) => {
    const host = await StaticHost.start('/reader/', deployed);
    await use(host);
    host.close();
  },
  deploy: async ({}, use) => {
    await use((...folders) => void deployed.splice(0, deployed.length, ...folders, OVERLAYS.sound, PAGE));
  },
  baseURL: async ({ host }, use) => use(host.url),
});
test.use({ expectedConsole: /net::ERR_|404|ServiceWorker|integrity/ });

const deployed: string[] = [OVERLAYS.sound, PAGE];

test.beforeAll(async () => {
  await build({
    root: ROOT,
    configFile: join(ROOT, 'vite.config.ts'),
    logLevel: 'error',
    define: { __APP_VERSION__: JSON.stringify('0.0.0-next') },
    build: { outDir: NEXT, emptyOutDir: true },
  });
  mkdirSync(BROKEN, { recursive: true });
  writeFileSync(join(BROKEN, 'version.json'), '{"version":"9.9.9","build":"never"}');
  writeFileSync(join(BROKEN, 'sw.js'), 'this is not JavaScript');
});

const buildOf = (page: Page): Promise<string | null> => page.locator('meta[name="build"]').getAttribute('content');

/** Which build the service worker says it is of. */
const workerBuild = (page: Page): Promise<unknown> =>
  page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    return new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }: MessageEvent<{ build: string }>) => resolve(data.build);
      active?.postMessage({ kind: 'identify' }, [port2]);
    });
  });

test('a newer version is offered, taken by every window at once, and never strands anyone', async ({
  page,
  reader,
  host,
  deploy,
  context,
}) => {
  test.setTimeout(240_000);
  await reader.open();
  await expect.poll(() => page.evaluate(() => crossOriginIsolated).catch(() => false), { timeout: 60_000 }).toBe(true);
  await reader.giveAndRead(FIRST_FILM);
  await reader.kept();
  const old = await buildOf(page);
  const update = page.getByTestId('update');

  await test.step('it waits while a film is open, and the page goes on with its own files', async () => {
    deploy(OVERLAYS.sound, NEXT);
    host.missing = new RegExp(/src="\.\/(assets\/index-[^"]+)"/.exec(await page.content())?.[1] ?? 'none');
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
    await expect(update).toHaveAttribute('data-update', 'ready');
    await expect(update).toContainText('The film open here closes');
    await expect(reader.result).toBeVisible();
    expect(await buildOf(page)).toBe(old);
    expect(await workerBuild(page)).toBe(old);
  });

  await test.step('another window with a film open holds it back', async () => {
    const other = await context.newPage();
    await other.goto(host.url);
    expect(await buildOf(other)).toBe(old);
    await other.getByTestId('file-input').setInputFiles(phantom('other.png'));
    await other.getByTestId('result').waitFor();
    await page.bringToFront();
    await update.getByRole('button', { name: 'Update now' }).click();
    await expect(update).toHaveAttribute('data-update', 'busy');
    await expect(other.getByTestId('result')).toBeVisible();
    await expect(reader.result).toBeVisible();
    await other.close();
  });

  await test.step('taken, page and worker are of the new build; pack and engine are not fetched again', async () => {
    host.asked.length = 0;
    await update.getByRole('button', { name: 'Update all windows' }).click();
    await expect.poll(() => buildOf(page).catch(() => old), { timeout: 60_000 }).not.toBe(old);
    const next = await buildOf(page);
    await expect.poll(() => workerBuild(page)).toBe(next);
    await reader.giveAndRead(FIRST_FILM);
    await reader.kept();
    await expect(update).toBeHidden();
    const heavy = host.asked.filter((path) => /vision\.bin$|ort-wasm.*\.wasm$/.test(path));
    expect(heavy).toEqual([]);
  });

  await test.step('a service worker that does not install: the page is fetched past it', async () => {
    deploy(BROKEN, OVERLAYS.sound, NEXT);
    host.missing = undefined;
    await page.reload();
    await reader.giveAndRead(FIRST_FILM);
    await expect(update).toHaveAttribute('data-update', 'stuck', { timeout: 60_000 });
    expect(await reader.numbers()).toHaveLength(6);
    host.asked.length = 0;
    await update.getByRole('button', { name: 'Fetch it anew' }).click();
    await expect.poll(() => host.asked).toContain('/reader/');
    await reader.giveAndRead(FIRST_FILM);
    expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
  });

  await test.step('a page whose kept files no longer fit together recovers by itself', async () => {
    deploy(OVERLAYS.sound, NEXT);
    await page.reload();
    await reader.giveAndRead(FIRST_FILM);
    await reader.kept();
    const next = await buildOf(page);
    // The browser has lost one script, and the server has another build by now.
    await page.evaluate(async () => {
      const name = (await caches.keys()).find((key) => key.startsWith('workbox-precache'));
      const cache = await caches.open(name ?? '');
      for (const request of await cache.keys()) if (/assets\/index-.*\.js/.test(request.url)) await cache.delete(request);
    });
    deploy(OVERLAYS.sound, PAGE);
    const client = await context.newCDPSession(page);
    await client.send('Network.clearBrowserCache');
    await page.reload().catch(() => undefined);
    await expect.poll(() => buildOf(page).catch(() => next), { timeout: 60_000 }).toBe(old);
    await reader.giveAndRead(FIRST_FILM);
  });
});
