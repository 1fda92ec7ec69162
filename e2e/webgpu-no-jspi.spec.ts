import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { build } from 'vite';
import { ROOT, WORK } from '../scripts/paths.mjs';
import { phantom } from './films.js';
import { expect, test as base } from './fixtures.js';
import { OVERLAYS } from './packs.js';
import { StaticHost } from './static-host.js';

// WebGPU where WebAssembly cannot suspend (JSPI), as in browsers other than Chromium: onnxruntime's largest build, served as gzip
// since it is over the limit of some static hosts. Chromium has no switch for it, so the scripts of this build take it away.
const NO_JSPI = 'delete WebAssembly.Suspending; delete WebAssembly.promising;';
const HOME = join(WORK, 'e2e-no-jspi-build');
const HOST_LIMIT = 25 * 1024 * 1024;
const FILM = phantom('film.png', { opacity: true });

const test = base.extend<{ host: StaticHost }>({
  host: async ({}, use) => {
    const host = await StaticHost.start('/reader/', [OVERLAYS.sound, HOME]);
    host.largest = HOST_LIMIT;
    await use(host);
    host.close();
  },
  baseURL: async ({ host }, use) => use(host.url),
});
// A server that is gone is told on the console.
test.use({ expectedConsole: /net::ERR_|ServiceWorker/ });

test.beforeAll(async () => {
  const output = { banner: NO_JSPI };
  await build({
    root: ROOT,
    configFile: join(ROOT, 'vite.config.ts'),
    logLevel: 'error',
    worker: { rolldownOptions: { output } },
    build: { outDir: HOME, emptyOutDir: true, rolldownOptions: { output } },
  });
});

const isolated = (page: Page): Promise<boolean> => page.evaluate(() => crossOriginIsolated);

test('WebGPU without JSPI comes from a host that takes 25 MiB a file, and scores as WebAssembly does, offline too', async ({
  page,
  reader,
  host,
  context,
}) => {
  await reader.open('?backend=wasm');
  await expect.poll(() => isolated(page).catch(() => false), { timeout: 60_000 }).toBe(true);
  await reader.giveAndRead(FILM);
  const wasm = await reader.numbers();

  await reader.open('?backend=webgpu');
  await expect(reader.backend).toHaveText(/WebGPU/, { timeout: 60_000 });
  await reader.giveAndRead(FILM);
  await expect(reader.result).toContainText(/WebGPU, \d+ ms/);
  const numbers = await reader.numbers();
  for (const [i, number] of numbers.entries()) expect(Math.abs(number - (wasm[i] ?? NaN))).toBeLessThan(0.01);
  const builds = new Set(host.asked.filter((path) => /(asyncify|jspi)\.wasm/.test(path)));
  expect([...builds]).toEqual([expect.stringMatching(/\.asyncify\.wasm\.gz$/)]);

  await reader.kept();
  host.close();
  await context.setOffline(true);
  await page.reload();
  await expect(reader.backend).toHaveText(/WebGPU/, { timeout: 60_000 });
  await reader.giveAndRead(FILM);
  for (const [i, number] of (await reader.numbers()).entries()) expect(number).toBeCloseTo(numbers[i] ?? NaN, 6);
});

test('a host that has the browser undo the gzip is as good, offline too', async ({ page, reader, host, context }) => {
  host.saysGzip = true;
  await reader.open('?backend=webgpu');
  await expect.poll(() => isolated(page).catch(() => false), { timeout: 60_000 }).toBe(true);
  await expect(reader.backend).toHaveText(/WebGPU/, { timeout: 60_000 });
  await reader.kept();
  host.close();
  await context.setOffline(true);
  await page.reload();
  await expect(reader.backend).toHaveText(/WebGPU/, { timeout: 60_000 });
});
