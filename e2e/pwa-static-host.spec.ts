import type { Page, Worker } from '@playwright/test';
import { PAGE } from '../scripts/paths.mjs';
import { phantom } from './films.js';
import { expect, test as base } from './fixtures.js';
import { OVERLAYS } from './packs.js';
import { StaticHost } from './static-host.js';

const PATH = '/some/where/reader/';
const FILM = phantom('film.png', { opacity: true });

/** The built page on a host that sends no header and has other pages too. */
const test = base.extend<{ host: StaticHost }>({
  host: async ({}, use) => {
    const host = await StaticHost.start(PATH, [OVERLAYS.sound, PAGE]);
    await use(host);
    host.close();
  },
  baseURL: async ({ host }, use) => use(host.url),
});
// What is not there, or asked for in vain, is told on the console.
test.use({ expectedConsole: /net::ERR_|404|ServiceWorker/ });

/** How often the page itself was asked for. */
const loads = (host: StaticHost): number => host.asked.filter((path) => path === PATH).length;

const isolated = (page: Page): Promise<boolean> => page.evaluate(() => crossOriginIsolated);

/** In a page or a worker: asks another host, and says which directive of the policy kept it from that. */
function reachElsewhere(): Promise<string> {
  return new Promise((resolve) => {
    addEventListener(
      'securitypolicyviolation',
      (event) => resolve((event as { effectiveDirective: string }).effectiveDirective),
      {
        once: true,
      },
    );
    // Without a policy the request is made, and fails by itself or not.
    fetch('http://localhost:9/')
      .catch(() => undefined)
      .then(() => setTimeout(() => resolve('none'), 2000))
      .catch(() => undefined);
  });
}

function engineOf(page: Page): Worker {
  const worker = page.workers().find((one) => /main\.worker/.test(one.url()));
  if (!worker) throw new Error('The engine has no worker.');
  return worker;
}

test('the first visit loads once more and is isolated; policy, threads and offline as anywhere', async ({
  page,
  reader,
  host,
  context,
  complaints,
}) => {
  const navigations: string[] = [];
  page.on('framenavigated', (frame) => navigations.push(frame.url()));
  await reader.open('?backend=wasm');
  await expect.poll(() => isolated(page).catch(() => false), { timeout: 60_000 }).toBe(true);
  await expect(reader.backend).toHaveText(/WASM × \d+/);
  expect(navigations).toHaveLength(2);
  await reader.giveAndRead(FILM);
  const numbers = await reader.numbers();
  await reader.kept();

  await test.step('the policy holds without a header', async () => {
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'globalThis.injected = true';
      document.body.append(script);
    });
    expect(await page.evaluate(() => 'injected' in globalThis)).toBe(false);
    await expect.poll(() => complaints.length).toBeGreaterThan(0);
    const breaches = complaints.splice(0);
    expect(
      breaches.every((text) => /inline script violates/.test(text)),
      breaches.join('\n'),
    ).toBe(true);
  });

  await test.step('neither the page nor the worker that scores reaches another host', async () => {
    expect(await page.evaluate(reachElsewhere)).toBe('connect-src');
    expect(await engineOf(page).evaluate(reachElsewhere)).toBe('connect-src');
    // The browser tells of both on the console; nothing was sent.
    await expect.poll(() => complaints.length).toBeGreaterThanOrEqual(2);
    expect(complaints.splice(0).filter((text) => text.startsWith('request:'))).toEqual([]);
  });

  await test.step('the guard of these tests notices what a service worker asks of another host', async () => {
    await context
      .serviceWorkers()
      .at(-1)
      ?.evaluate(() => fetch('http://localhost:9/').catch(() => undefined));
    await expect.poll(() => complaints.splice(0).join()).toMatch(/localhost:9/);
  });

  await test.step('nothing outside its own folder was asked for', () => {
    expect(host.asked.filter((path) => !path.startsWith(PATH))).toEqual([]);
  });

  await test.step('without a network', async () => {
    host.close();
    await context.setOffline(true);
    await page.reload();
    expect(await isolated(page)).toBe(true);
    await reader.giveAndRead(FILM);
    expect(await reader.numbers()).toEqual(numbers);
  });
});

test('a film that is open by then is not lost: the page stays single-threaded until the next visit', async ({
  page,
  reader,
  host,
}) => {
  let release: () => void = () => undefined;
  host.held = { path: /\/sw\.js$/, until: new Promise((resolve) => (release = resolve)) };
  await reader.open();
  await reader.giveAndRead(FILM);
  await expect(reader.backend).toHaveText(/WASM, 1 thread/);
  const before = loads(host);
  release();
  await reader.kept();
  await expect(reader.result).toBeVisible();
  expect(loads(host)).toBe(before);
  expect(await isolated(page)).toBe(false);
});

test('where isolation cannot be had the page does not load for ever, and is held to its policy', async ({
  page,
  reader,
  host,
  complaints,
}) => {
  host.missing = /\/sw\.js$/;
  await reader.open();
  await expect(reader.backend).toHaveText(/WASM, 1 thread/);
  await page.waitForTimeout(1000);
  expect(loads(host)).toBe(1);
  // Its workers are not: a worker's policy comes with its script, and this host sends none (docs/decisions.md).
  expect(await page.evaluate(reachElsewhere)).toBe('connect-src');
  await expect.poll(() => complaints.length).toBeGreaterThan(0);
  expect(complaints.splice(0).filter((text) => text.startsWith('request:'))).toEqual([]);
});
