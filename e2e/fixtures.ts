import { test as base, expect, type BrowserContext, type ConsoleMessage, type Page } from '@playwright/test';
import { AppServer } from './app-server.js';
import { OVERLAYS } from './packs.js';
import { Reader } from './reader.js';

interface Options {
  /** What this test expects on the console besides silence. */
  expectedConsole: RegExp | undefined;
}

interface Watch {
  /** What pages did that they never should: a test fails if anything is in here at its end. */
  complaints: string[];
  /** Another person's browser, not yet opened: held to the same. */
  otherPage: Page;
  /** The server of this test: as it was at the start, whatever tests before did to it. */
  server: AppServer;
  /** The page, not yet opened. */
  reader: Reader;
}

interface Server {
  /** Folders whose files are served in place of the built page's: `models/default/` of another pack, say. */
  overlays: string[];
  appServer: AppServer;
}

/** Playwright's `test` with the built app and the fixture pack behind `baseURL`: `page.goto('./')` opens it. */
export const test = base.extend<Options & Watch, Server>({
  overlays: [[OVERLAYS.sound], { option: true, scope: 'worker' }],
  appServer: [
    async ({ overlays }, use) => {
      const server = await AppServer.start(overlays);
      await use(server);
      server.close();
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ appServer }, use) => use(appServer.url),
  server: async ({ appServer }, use) => {
    appServer.reset();
    await use(appServer);
    appServer.reset();
  },
  reader: async ({ page }, use) => use(new Reader(page)),
  expectedConsole: [undefined, { option: true }],
  complaints: [
    async ({ context, baseURL, expectedConsole }, use) => {
      const complaints: string[] = [];
      watch(context, baseURL ?? '', expectedConsole, complaints);
      await use(complaints);
      expect(complaints, 'requests to elsewhere, policy breaches, console errors').toEqual([]);
    },
    { auto: true },
  ],
  otherPage: async ({ browser, baseURL, expectedConsole, complaints }, use) => {
    const context = await browser.newContext(baseURL === undefined ? {} : { baseURL });
    watch(context, baseURL ?? '', expectedConsole, complaints);
    await use(await context.newPage());
    await context.close();
  },
});

export { expect };

/** Collects what a well-behaved page never does, its workers and its service worker included. Policy breaches come as console errors and, for workers, as failed requests. */
function watch(context: BrowserContext, appUrl: string, expectedConsole: RegExp | undefined, complaints: string[]): void {
  const { origin } = new URL(appUrl);
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'blob:' && url.protocol !== 'data:' && url.origin !== origin)
      complaints.push(`request: ${request.url()}`);
  });
  context.on('requestfailed', (request) => {
    if (/csp|blocked/i.test(request.failure()?.errorText ?? '')) complaints.push(`blocked: ${request.url()}`);
  });
  context.on('console', (message: ConsoleMessage) => {
    if (message.type() === 'error' && !expectedConsole?.test(message.text()))
      complaints.push(`console: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => complaints.push(`uncaught: ${error.error().message}`));
}
