import { test as base, expect, type BrowserContext, type ConsoleMessage } from '@playwright/test';
import { listen } from '../scripts/listen.mjs';
import { PAGE } from '../scripts/paths.mjs';
import { createStaticServer } from '../scripts/serve.mjs';

interface Options {
  /** What this test expects on the console besides silence. */
  expectedConsole: RegExp | undefined;
}

interface Watch {
  /** What pages did that they never should: a test fails if anything is in here at its end. */
  complaints: string[];
}

interface Server {
  /** Folders whose files are served in place of the built page's: `models/default/` of another pack, say. */
  overlays: string[];
  /** Address of the built page, with a slash at its end. */
  appUrl: string;
}

/** Playwright's `test` with the built app behind `baseURL`: `page.goto('./')` opens it. */
export const test = base.extend<Options & Watch, Server>({
  overlays: [[], { option: true, scope: 'worker' }],
  appUrl: [
    async ({ overlays }, use) => {
      const server = createStaticServer(...overlays, PAGE);
      await use(await listen(server, 0));
      server.closeAllConnections();
      server.close();
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ appUrl }, use) => use(appUrl),
  expectedConsole: [undefined, { option: true }],
  complaints: [
    async ({ context, appUrl, expectedConsole }, use) => {
      const complaints = watch(context, appUrl, expectedConsole);
      await use(complaints);
      expect(complaints, 'requests to elsewhere, policy breaches, console errors').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Collects what a well-behaved page never does. Policy breaches come as console errors and, for workers, as failed requests. */
function watch(context: BrowserContext, appUrl: string, expectedConsole: RegExp | undefined): string[] {
  const complaints: string[] = [];
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
  return complaints;
}
