import type { Page } from '@playwright/test';
import { phantom } from './films.js';
import { expect, test } from './fixtures.js';

interface Picture {
  readonly src: string;
  readonly sizes: string;
  readonly type: string;
  readonly purpose?: string;
}

interface Manifest {
  readonly icons: Picture[];
  readonly screenshots: Picture[];
  readonly shortcuts: { readonly url: string; readonly icons: Picture[] }[];
  readonly file_handlers: { readonly action: string; readonly accept: Readonly<Record<string, string[]>> }[];
  readonly share_target: {
    readonly action: string;
    readonly method: string;
    readonly enctype: string;
    readonly params: { readonly files: readonly { readonly name: string }[] };
  };
}

/** The manifest that the page came with, and where it is. */
async function manifestOf(page: Page): Promise<{ manifest: Manifest; url: string }> {
  const client = await page.context().newCDPSession(page);
  const { data = '', url } = await client.send('Page.getAppManifest');
  await client.detach();
  return { manifest: JSON.parse(data) as Manifest, url };
}

test('Chromium finds nothing that keeps it from installing the page', async ({ page, reader, context }) => {
  await reader.open();
  const client = await context.newCDPSession(page);
  const { errors } = await client.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  const { installabilityErrors } = await client.send('Page.getInstallabilityErrors');
  // A test's window is a private one, in which Chromium installs nothing.
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual([]);

  const { manifest, url } = await manifestOf(page);
  const pictures = [manifest.icons, manifest.screenshots, ...manifest.shortcuts.map(({ icons }) => icons)].flat();
  expect(manifest.icons.some(({ purpose }) => purpose === 'maskable')).toBe(true);
  for (const { src, sizes, type } of pictures) {
    const [size, served] = await page.evaluate(async (address) => {
      const response = await fetch(address);
      const image = new Image();
      image.src = address;
      await image.decode();
      return [`${image.naturalWidth}x${image.naturalHeight}`, response.headers.get('content-type')] as const;
    }, new URL(src, url).href);
    expect(served).toBe(type);
    if (sizes !== 'any') expect(size).toBe(sizes);
  }
  expect(Object.keys(manifest.file_handlers[0]?.accept ?? {})).toEqual(['image/png', 'image/jpeg', 'image/webp']);
});

test('shortcuts, a file opened with the app, a picture shared to it', async ({ page, reader, server }) => {
  await reader.open();
  const { manifest, url } = await manifestOf(page);
  const [synthetic, privacy] = manifest.shortcuts.map((shortcut) => new URL(shortcut.url, url).href);

  await test.step('the shortcuts mean what they say once', async () => {
    await page.goto(privacy ?? '');
    await expect(page.getByTestId('sent')).toBeVisible();
    expect(new URL(page.url()).search).toBe('');
    await page.goto(synthetic ?? '');
    await reader.read('phantom-opacity.png');
    expect(new URL(page.url()).search).toBe('');
    await reader.kept();
  });

  const film = phantom('shared.png', { opacity: true });
  await test.step('a picture shared by another app arrives, and the server hears nothing of it', async () => {
    server.asked.length = 0;
    const other = await page.context().newPage();
    const { action, method, enctype, params } = manifest.share_target;
    // Another page posts the form that a phone's share sheet posts.
    await other.setContent(
      `<form method="${method}" enctype="${enctype}" action="${new URL(action, url).href}"><input type="file" name="${params.files[0]?.name}" multiple><button>Share</button></form>`,
    );
    await other.locator('input').setInputFiles([film, phantom('second.png')]);
    await other.getByRole('button', { name: 'Share' }).click();
    await other.getByTestId('result').getByRole('heading', { level: 1, name: film.name }).waitFor({ state: 'attached' });
    expect(new URL(other.url()).search).toBe('');
    await expect(other.getByRole('row', { name: /^second\.png/ })).toBeVisible();
    expect(server.asked.map(({ path }) => path).filter((path) => path.includes('share'))).toEqual([]);

    // What was shared is given once; a reload asks for nothing.
    await other.goto(new URL('?shared=gone', server.url).href);
    await expect(other.getByTestId('share-lost')).toBeVisible();
    await other.close();
  });

  await test.step('a file of the system’s “open with”', async () => {
    // Chromium fills the real queue only for an installed app, so the test stands in for it.
    await page.addInitScript((base64) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const handle = { getFile: () => Promise.resolve(new File([bytes], 'opened-with.png', { type: 'image/png' })) };
      const launchQueue = { setConsumer: (consumer: (params: unknown) => void) => consumer({ files: [handle] }) };
      Object.defineProperty(globalThis, 'launchQueue', { value: launchQueue, configurable: true });
    }, film.buffer.toString('base64'));
    await page.goto(new URL(manifest.file_handlers[0]?.action ?? 'none', url).href);
    await reader.read('opened-with.png');
  });
});
