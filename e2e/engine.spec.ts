import { fixtureFilm, phantom } from './films.js';
import { expect, test } from './fixtures.js';
import { overhear, type Reader } from './reader.js';

const DECODER = /webp_dec-.*\.wasm$/;

/** Ends the engine's worker from inside, as the system does when memory is short. */
async function killEngine({ page }: Reader): Promise<void> {
  const engine = page.workers().find((worker) => worker.url().includes('main.worker'));
  if (!engine) throw new Error('The page has no engine to kill.');
  const gone = engine.waitForEvent('close');
  await engine.evaluate(() => self.close()).catch(() => undefined);
  await gone;
}

test.describe('backends', () => {
  test('threaded and single-thread WebAssembly, chosen by address, agree; a change keeps the films', async ({ reader, page }) => {
    const film = phantom('film.png');
    await reader.open('?backend=wasm');
    await expect(reader.backend).toHaveText(/WASM × \d+/);
    await reader.giveAndRead(film);
    await expect(reader.result).toContainText(/WASM, \d+ ms/);
    const threaded = await reader.numbers();

    await reader.backend.click();
    await page.getByRole('radio', { name: 'WASM, 1 thread' }).click();
    await expect(reader.backend).toHaveText(/WASM, 1 thread/);
    expect(new URL(page.url()).searchParams.get('backend')).toBe('wasm-single');
    await expect(reader.result).toBeVisible();
    await reader.giveAndRead({ ...film, name: 'again.png' });
    await expect(reader.result).toContainText(/WASM, 1 thread, \d+ ms/);
    for (const [i, number] of (await reader.numbers()).entries()) expect(number).toBeCloseTo(threaded[i] ?? NaN, 4);
  });

  test('without a graphics adapter WebGPU is set aside, and the menu says why', async ({ reader, page }) => {
    await reader.open();
    await expect(reader.backend).toHaveText(/WASM/);
    await reader.backend.click();
    await expect(page.getByRole('radio', { name: /WebGPU/ })).toHaveAccessibleName(/set aside: .*(adapter|WebGPU)/);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('radio')).toHaveCount(0);
    await expect(reader.backend).toBeFocused();
  });

  test.describe('on a host that does not isolate the page', () => {
    // Where there is one, it isolates the page: see pwa-static-host.spec.ts.
    test.use({ serviceWorkers: 'block' });

    test('and without a service worker there is one thread', async ({ reader, server }) => {
      server.without('cross-origin-opener-policy');
      await reader.open();
      await expect(reader.backend).toHaveText(/WASM, 1 thread/);
      await reader.giveAndRead(phantom('film.png'));
    });
  });
});

// After a first score the service worker fetches every file of the page, the decoder that is held back here too.
test.describe('with the decoder held back', () => {
  test.use({ serviceWorkers: 'block' });
  test('a film under way is cancelled, or gives way to another', async ({ reader, server, page }) => {
    await reader.open('?backend=wasm-single');
    await reader.giveAndRead(phantom('first.png'));
    const numbers = await reader.numbers();
    const release = server.hold(DECODER, 1);
    await reader.give(fixtureFilm('lossy.webp'));
    await reader.progress.getByRole('button', { name: 'Cancel' }).click();
    await reader.read('first.png');
    expect(await reader.numbers()).toEqual(numbers);

    // The decoder still hangs: a film that waits behind it is read once it comes, and the one cancelled stays away.
    await reader.give(phantom('second.png', { opacity: true }));
    await expect(reader.progress).toContainText('second.png');
    release();
    await reader.read('second.png');
    expect(await reader.numbers()).not.toEqual(numbers);
    await page.getByTestId('list-toggle').click();
    await expect(reader.rows.and(page.locator('[data-phase=stopped]'))).toHaveAttribute('data-name', 'lossy.webp');
    await reader.row('lossy.webp').click();
    await reader.read('lossy.webp');
  });
});

test.describe('a worker that dies', () => {
  test.use({ serviceWorkers: 'block' });
  test('in the middle of a film: the film is scored by the next one', async ({ reader, server }) => {
    const heard = await overhear(reader.page);
    await reader.open('?backend=wasm');
    await expect(reader.backend).toHaveText(/WASM × \d+/);
    // The WebP decoder is fetched when it is needed: held back, it keeps the film half read.
    const release = server.hold(DECODER, 1);
    await reader.give(fixtureFilm('lossy.webp'));
    await expect(reader.progress).toContainText('Decoding the film');
    await killEngine(reader);
    await reader.read('lossy.webp');
    release();
    expect(server.asked.filter(({ path }) => DECODER.test(path))).toHaveLength(2);
    expect((await heard()).map(({ backend }) => backend)).toEqual(['wasm']);
  });

  test('again and again: the film is scored on the next backend, and the menu says why', async ({ reader, server, page }) => {
    await reader.open('?backend=wasm');
    await expect(reader.backend).toHaveText(/WASM × \d+/);
    server.hold(DECODER, 2);
    await reader.give(fixtureFilm('lossy.webp'));
    for (const times of [1, 2]) {
      await expect(reader.progress).toContainText('Decoding the film');
      await expect.poll(() => server.asked.filter(({ path }) => DECODER.test(path)).length).toBe(times);
      await killEngine(reader);
    }
    await reader.read('lossy.webp');
    await expect(reader.backend).toHaveText(/WASM, 1 thread/);
    await reader.backend.click();
    await expect(page.getByRole('radio', { name: /^WASM *set aside: .*ended unexpectedly/ })).toBeVisible();
    // The next film needs no kill to be read.
    await page.keyboard.press('Escape');
    await reader.giveAndRead(phantom('next.png'));
  });

  test('while it is idle: the next film starts another', async ({ reader }) => {
    await reader.open('?backend=wasm-single');
    await expect(reader.backend).toHaveText(/WASM, 1 thread/);
    await reader.giveAndRead(phantom('first.png'));
    await killEngine(reader);
    await reader.giveAndRead(phantom('second.png'));
  });
});

test.describe('a download that breaks off', () => {
  test.use({ expectedConsole: /net::ERR_/ });

  test('is told, and goes on where it stopped', async ({ reader, server, page }) => {
    server.cut(/vision\.bin$/, 150_000);
    await reader.open('?backend=wasm-single');
    await expect(reader.error).toHaveAttribute('data-code', 'DOWNLOAD_FAILED');
    await reader.error.getByRole('button', { name: 'Try again' }).click();
    await expect(reader.backend).toHaveText(/WASM/);
    const asked = server.asked.filter(({ path }) => path.endsWith('vision.bin'));
    expect(asked).toHaveLength(2);
    expect(asked[0]?.range).toBeUndefined();
    expect(asked[1]?.range).toMatch(/^bytes=[1-9]\d*-$/);
    expect(Number(/\d+/.exec(asked[1]?.range ?? '')?.[0])).toBeLessThanOrEqual(150_000);
    await reader.giveAndRead(phantom('film.png'));

    // Kept by its hash, it is not asked for again.
    server.asked.length = 0;
    await page.reload();
    await expect(reader.backend).toHaveText(/WASM/);
    expect(server.asked.filter(({ path }) => path.endsWith('vision.bin'))).toEqual([]);
  });
});
