import { AxeBuilder } from '@axe-core/playwright';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { zipSync } from 'fflate';
import { cut, file, fixtureFilm, phantom, type Film } from './films.js';
import { expect, test } from './fixtures.js';
import type { Reader } from './reader.js';

const films = (prefix: string, count: number, from = 1): Film[] =>
  Array.from({ length: count }, (_, i) => {
    const seed = from + i;
    return phantom(`${prefix}-${seed}.png`, { seed, opacity: seed % 2 === 0, width: 200 + seed, height: 220 });
  });

/** A folder on the disk with films in it and below it, and what is none. */
function folderOfFilms(path: string): void {
  mkdirSync(join(path, 'ward'), { recursive: true });
  for (const { name, buffer } of films('folder', 6, 100)) writeFileSync(join(path, name), buffer);
  for (const { name, buffer } of films('deep', 4, 200)) writeFileSync(join(path, 'ward', name), buffer);
  writeFileSync(join(path, 'notes.txt'), 'not a film');
}

/** A zip of films, one of which is cut short, with an archive inside and a file that is no film. */
function zipOfFilms(): Film {
  const [broken] = films('broken', 1, 305);
  const entries = films('zipped', 4, 300).map(({ name, buffer }) => [`study/${name}`, new Uint8Array(buffer)] as const);
  const inner = zipSync({ 'a.png': new Uint8Array(phantom('a.png').buffer) });
  return file(
    'study.zip',
    zipSync({
      ...Object.fromEntries(entries),
      'study/broken.png': new Uint8Array(broken ? cut(broken, 0.5).buffer : []),
      'study/inner.zip': inner,
      'study/report.csv': new Uint8Array([65]),
    }),
    'application/zip',
  );
}

/** Drops paths of the disk, folders included, as a file manager does. */
async function drop(page: Page, ...paths: string[]): Promise<void> {
  const client = await page.context().newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await client.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
  await client.detach();
}

/** Waits until the queue stands so. */
async function stands(page: Page, { scored, failed = 0, open = 0 }: { scored: number; failed?: number; open?: number }) {
  const queue = page.getByTestId('queue');
  await expect(queue).toHaveAttribute('data-open', String(open));
  await expect(queue).toHaveAttribute('data-scored', String(scored));
  await expect(queue).toHaveAttribute('data-failed', String(failed));
}

/** In the page: how many greys a picture has; one that was not drawn has one. */
function greysOf(canvas: HTMLElement | SVGElement): number {
  const { width, height } = canvas as HTMLCanvasElement;
  const data = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
  return new Set(data.filter((_, i) => i % 4 === 0)).size;
}

/** Saves the list and reads what was saved. */
async function save(page: Page, format: 'csv' | 'json'): Promise<{ name: string; text: string }> {
  const button = page.getByTestId(`list-${format}`);
  if (!(await button.isVisible())) await page.getByTestId('list-export').click();
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
}

/** Names and scores of the rows in sight, from the top. */
async function rowsInSight({ rows }: Reader): Promise<{ name: string; score: number }[]> {
  const found = await rows.evaluateAll((elements) =>
    elements.map((element) => ({
      at: Number(element.getAttribute('aria-rowindex')),
      name: element.getAttribute('data-name') ?? '',
      score: Number(element.getAttribute('data-score') ?? NaN),
    })),
  );
  return found.toSorted((a, b) => a.at - b.at);
}

test('files, a folder, a dropped folder and a zip are one list, whose errors stay on their rows', async ({
  page,
  reader,
}, info) => {
  await reader.open();
  await test.step('20 files at once', async () => {
    await reader.give(...films('film', 20));
    await stands(page, { scored: 20 });
    await expect(page.getByTestId('film-grid')).toHaveAttribute('aria-rowcount', '21');
    await expect(page.getByTestId('queue-status')).toHaveText('The list is done: 20 films scored, 0 not read.');
    const row = reader.row('film-2.png');
    await expect.poll(() => row.locator('canvas').evaluate(greysOf)).toBeGreaterThan(50);
    await expect(row.locator('.strip > *')).toHaveCount(5);
  });

  await test.step('a folder through the picker, its subfolders too', async () => {
    folderOfFilms(info.outputPath('chosen'));
    await page.getByTestId('folder-input').setInputFiles(info.outputPath('chosen'));
    await stands(page, { scored: 30 });
    await expect(page.getByTestId('worklist')).toContainText('1 other file left out');
  });

  await test.step('a folder dropped', async () => {
    folderOfFilms(info.outputPath('dropped'));
    await drop(page, info.outputPath('dropped'));
    await stands(page, { scored: 40 });
    await expect(page.getByTestId('film-grid')).toHaveAttribute('aria-rowcount', '41');
    // Only rows in sight, and a few beyond, exist.
    expect(await reader.rows.count()).toBeLessThan(30);
  });

  await test.step('a zip with a damaged film and an archive inside: the others are scored', async () => {
    await reader.give(zipOfFilms());
    await stands(page, { scored: 44, failed: 2 });
    await page.getByLabel('Show', { exact: true }).selectOption('failed');
    await expect(reader.rows).toHaveCount(2);
    await expect(reader.row('broken.png')).toHaveAttribute('data-code', 'TRUNCATED');
    await expect(reader.row('inner.zip')).toHaveAttribute('data-code', 'ZIP_NESTED');
    // What an archive refuses is not read by asking again.
    await expect(reader.row('inner.zip').getByRole('button', { name: /^Retry/ })).toHaveCount(0);
    await page.getByLabel('Show', { exact: true }).selectOption('all');
  });

  await test.step('two readers would find nothing to complain of', async () => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });

  await test.step('what is stored: nothing of these films', async () => {
    const kept = await page.evaluate(async () => {
      const names = [JSON.stringify({ ...localStorage }), ...(await caches.keys())];
      for (const name of await caches.keys()) names.push(...(await (await caches.open(name)).keys()).map(({ url }) => url));
      return names.join('\n');
    });
    expect(kept).not.toMatch(/film-\d|zipped|folder-\d|study/);
  });
});

test('sorted, filtered, walked by keys, and exported without names unless ticked', async ({ page, reader }) => {
  await reader.open();
  await reader.give(...films('jane-doe', 24), cut(phantom('jane-doe-cut.png'), 0.5), fixtureFilm('cmyk.jpg'));
  await stands(page, { scored: 24, failed: 2 });
  const sort = page.getByLabel('Sort by');
  const find = page.getByLabel('Find by name');

  await test.step('by score, from the highest down and back', async () => {
    await page.getByTestId('sort-score').click();
    await page.getByTestId('film-grid').evaluate((grid) => (grid.scrollTop = 0));
    const document = JSON.parse((await save(page, 'json')).text) as { films: { score?: number }[] };
    const scores = document.films.flatMap(({ score }) => score ?? []);
    expect(scores).toHaveLength(24);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    await expect.poll(async () => (await rowsInSight(reader))[0]?.score).toBe(scores[0]);
    const seen = (await rowsInSight(reader)).map(({ score }) => score);
    expect(seen).toEqual(scores.slice(0, seen.length));
    // Fewer rows than films: those out of sight do not exist.
    expect(seen.length).toBeLessThan(26);
    await page.getByTestId('sort-score').click();
    await expect.poll(async () => (await rowsInSight(reader))[0]?.score).toBe(scores.at(-1));
  });

  await test.step('by name, as people count', async () => {
    await sort.selectOption('name');
    await page.getByRole('button', { name: 'lowest first' }).waitFor();
    await page.getByTestId('film-grid').evaluate((grid) => (grid.scrollTop = 0));
    const names = ['50-percent-of-jane-doe-cut.png', 'cmyk.jpg', 'jane-doe-1.png', 'jane-doe-2.png', 'jane-doe-3.png'];
    await expect.poll(async () => (await rowsInSight(reader)).slice(0, 5).map(({ name }) => name)).toEqual(names);
  });

  await test.step('what is shown can be narrowed, and what is saved is what is shown', async () => {
    await find.fill('doe-1');
    // 1, and 10 to 19.
    await expect(page.getByTestId('worklist')).toContainText('11 of 26 shown');
    const narrowed = JSON.parse((await save(page, 'json')).text) as { films: unknown[] };
    expect(narrowed.films).toHaveLength(11);
    await find.fill('nobody');
    await expect(page.getByTestId('worklist')).toContainText('No film here.');
    await find.fill('');
    await page.getByLabel('Show', { exact: true }).selectOption('below');
    await expect.poll(async () => (await rowsInSight(reader)).every(({ score }) => score <= 0.5)).toBe(true);
    await page.getByLabel('Show', { exact: true }).selectOption('all');
  });

  await test.step('J and K anywhere; arrows, Enter and Delete in the list', async () => {
    await sort.selectOption('added');
    await reader.row('jane-doe-1.png').click();
    await reader.read('jane-doe-1.png');
    await page.keyboard.press('j');
    await reader.read('jane-doe-2.png');
    await page.keyboard.press('j');
    await reader.read('jane-doe-3.png');
    await page.keyboard.press('k');
    await reader.read('jane-doe-2.png');
    await page.getByTestId('film-grid').focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await expect(reader.error).toContainText('cmyk.jpg');
    await page.getByTestId('film-grid').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await reader.read('jane-doe-3.png');
    await page.getByTestId('film-grid').focus();
    await page.keyboard.press('Delete');
    await expect(page.getByTestId('queue')).toHaveAttribute('data-scored', '23');
    await page.getByTestId('undo-remove').click();
    await expect(page.getByTestId('queue')).toHaveAttribute('data-scored', '24');
  });

  await test.step('as CSV and JSON: no name of a file, until it is ticked', async () => {
    const silent = { csv: await save(page, 'csv'), json: await save(page, 'json') };
    for (const [format, { name, text }] of Object.entries(silent)) {
      expect(name).toMatch(new RegExp(`^position-scores-\\d{4}-\\d\\d-\\d\\d\\.${format}$`));
      expect(text).not.toMatch(/jane|doe|cmyk\.jpg/i);
      expect(text).toContain('Research use, not for diagnosis.');
    }
    const lines = silent.csv.text.trim().split('\r\n');
    expect(lines).toHaveLength(27);
    expect(lines[0]).toMatch(/^film,image_score,threshold,against_threshold,.*patient_right_lung,patient_left_lung,/);
    expect(lines.slice(1).map((line) => line.split(',', 1)[0])).toEqual(Array.from({ length: 26 }, (_, i) => String(i + 1)));
    expect(lines[25]).toContain('TRUNCATED');
    const {
      format,
      version,
      films: exported,
    } = JSON.parse(silent.json.text) as {
      format: string;
      version: number;
      films: { score?: number; pack?: { sha256: string }; inputDigest?: string; error?: { code: string } }[];
    };
    expect([format, version]).toEqual(['ppad-results', 1]);
    expect(exported.filter(({ score }) => score !== undefined)).toHaveLength(24);
    for (const { error, pack, inputDigest } of exported)
      if (!error) expect(`${pack?.sha256} ${inputDigest}`).toMatch(/^[0-9a-f]{64} [0-9a-f]{32}$/);

    await page.getByLabel(/file name/i).check();
    const named = await save(page, 'csv');
    expect(named.text.split('\r\n')[1]).toContain('jane-doe-1.png');
    expect((await save(page, 'json')).text).toContain('"jane-doe-24.png"');
  });
});

test('paused, gone on, stopped and retried', async ({ page, reader, server }) => {
  const release = server.hold(/vision\.bin$/);
  await reader.open();
  await reader.give(...films('film', 20));
  const queue = page.getByTestId('queue');
  await expect(queue).toHaveAttribute('data-open', '20');
  await expect(queue).toContainText('0 of 20 scored');
  await page.getByTestId('queue-pause').click();
  await expect(queue).toContainText('paused');
  release();
  await test.step('paused: the film on stage is read, the queue is not', async () => {
    await reader.read('film-1.png');
    await expect(queue).toHaveAttribute('data-scored', '1');
    await page.waitForTimeout(700);
    await expect(queue).toHaveAttribute('data-scored', '1');
    await expect(queue.getByRole('progressbar')).toHaveAttribute('value', '1');
  });
  await test.step('stopped: the films stay in the list, and one of them is retried by itself', async () => {
    await page.getByTestId('queue-stop').click();
    await expect(queue).toContainText('19 stopped');
    await expect(reader.row('film-2.png')).toHaveAttribute('data-phase', 'stopped');
    await reader.row('film-2.png').getByRole('button', { name: 'Retry film-2.png' }).click();
    await expect(queue).toHaveAttribute('data-scored', '2');
    await expect(queue).toContainText('18 stopped');
    await page.getByTestId('queue-retry').click();
    await stands(page, { scored: 20 });
  });
});

test('paused and gone on; a file that is gone meanwhile is an error on its row, and is read when it is back', async ({
  page,
  reader,
  server,
}, info) => {
  const release = server.hold(/vision\.bin$/);
  await reader.open();
  const queue = page.getByTestId('queue');
  const [there, away] = [info.outputPath('there.png'), info.outputPath('away.png')];
  writeFileSync(there, phantom('there.png').buffer);
  await reader.give(...films('more', 10));
  // In the middle: small files are read several at a time, and its neighbours are read all the same.
  await reader.give(there);
  await reader.give(...films('more', 10, 11));
  await page.getByTestId('queue-pause').click();
  await expect(queue).toContainText('paused');
  await page.getByTestId('queue-pause').click();
  await expect(queue).not.toContainText('paused');
  renameSync(there, away);
  release();
  await stands(page, { scored: 20, failed: 1 });
  await expect(reader.row('there.png')).toHaveAttribute('data-phase', 'failed');
  await expect(reader.row('there.png')).toHaveAttribute('data-code', 'FILE_VANISHED');
  renameSync(away, there);
  await reader.row('there.png').getByRole('button', { name: 'Retry there.png' }).click();
  await stands(page, { scored: 21 });
});
