import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, rmSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import { WORK } from '../scripts/paths.mjs';
import type { ErrorCode } from '../src/core/errors.js';
import { cut, declaring, file, fixtureFilm, phantom, type Film } from './films.js';
import { expect, test } from './fixtures.js';
import type { Reader } from './reader.js';

const HOME = join(WORK, 'e2e-bad');

test.beforeAll(() => {
  rmSync(HOME, { recursive: true, force: true });
  mkdirSync(HOME, { recursive: true });
});
test.afterAll(() => rmSync(HOME, { recursive: true, force: true }));

/** Gives each film: its error appears, with advice; and a good film after it scores as one did before it. */
async function expectErrors(reader: Reader, cases: readonly (readonly [Film | string, ErrorCode])[]): Promise<void> {
  const good = phantom('good.png');
  await reader.open();
  await reader.giveAndRead(good);
  const numbers = await reader.numbers();
  for (const [i, [film, code]] of cases.entries()) {
    const name = typeof film === 'string' ? basename(film) : film.name;
    await test.step(`${name}: ${code}`, async () => {
      await reader.give(film);
      await expect(reader.error).toHaveAttribute('data-code', code);
      await expect(reader.error.getByRole('heading')).not.toBeEmpty();
      await expect(reader.error.getByText(code, { exact: true })).toBeAttached();
      await expect(reader.result).toHaveCount(0);
      await reader.giveAndRead({ ...good, name: `good-${i}.png` });
      expect(await reader.numbers()).toEqual(numbers);
    });
  }
}

test('files of no use', async ({ reader }) => {
  const dicom = Buffer.alloc(400);
  dicom.write('DICM', 128);
  await expectErrors(reader, [
    [file('empty.png', new Uint8Array(0)), 'EMPTY_FILE'],
    [file('text.png', Buffer.from('This is no film.\n'.repeat(20))), 'NOT_A_FILM'],
    [file('film.dcm', dicom, 'application/dicom'), 'DICOM_NOT_YET'],
    [fixtureFilm('cmyk.jpg'), 'CMYK'],
    [fixtureFilm('animated.webp'), 'ANIMATED'],
    [declaring('50000x50000.png', 50_000, 50_000), 'TOO_LARGE'],
    [phantom('1x1.png', { width: 1, height: 1 }), 'TOO_SMALL'],
    [phantom('20000x100.png', { width: 20_000, height: 100 }), 'BAD_SHAPE'],
    [noise('200-MB-of-noise.png', 200), 'TOO_LARGE'],
    [noise('100-MB-of-noise.png', 100), 'NOT_A_FILM'],
  ]);
});

test('films cut off', async ({ reader }) => {
  const whole = [phantom('phantom.png'), fixtureFilm('grey.jpg'), fixtureFilm('ycc-progressive.jpg'), fixtureFilm('lossy.webp')];
  await expectErrors(
    reader,
    whole.flatMap((film) => [0.1, 0.5, 0.99].map((share) => [cut(film, share), 'TRUNCATED'] as const)),
  );
});

test('ten at once: the first is read, the others wait by name and are scored in their turn', async ({ reader, server, page }) => {
  const films = Array.from({ length: 10 }, (_, i) => phantom(`film-${i}.png`, { seed: i + 1, width: 200, height: 200 }));
  const release = server.hold(/vision\.bin$/);
  await reader.open();
  await reader.give(...films);
  await expect(reader.progress).toContainText('film-0.png');
  await expect(reader.rows).toHaveCount(10);
  for (const { name } of films.slice(1)) await expect(reader.row(name)).toContainText('waiting');
  await page.getByTestId('queue-pause').click();
  release();
  await reader.read('film-0.png');
  const first = await reader.numbers();
  await expect(reader.rows.and(page.locator('[data-phase=waiting]'))).toHaveCount(9);
  await reader.row('film-7.png').click();
  await reader.read('film-7.png');
  expect(await reader.numbers()).not.toEqual(first);
  await expect(reader.rows.and(page.locator('[data-phase=waiting]'))).toHaveCount(8);
  await page.getByTestId('queue-pause').click();
  await expect(page.getByTestId('queue')).toHaveAttribute('data-scored', '10');
  await expect(page.getByTestId('queue')).toContainText('10 of 10 scored');
});

test('a file that vanishes before it is read', async ({ reader, server, page }) => {
  const { name, buffer } = phantom('vanishing.png');
  const path = join(HOME, name);
  writeFileSync(path, buffer);
  const release = server.hold(/manifest\.json$/);
  await reader.open();
  await reader.give(path);
  await expect(reader.progress).toContainText(name);
  unlinkSync(path);
  release();
  await expect(reader.error).toHaveAttribute('data-code', 'FILE_VANISHED');

  await expect(reader.error).toContainText(name);

  // What the advice says: put back and opened again, it is read.
  writeFileSync(path, buffer);
  const chooser = page.waitForEvent('filechooser');
  await reader.error.getByRole('button', { name: 'Choose a file…' }).click();
  await (await chooser).setFiles(path);
  await reader.read(name);
});

/** A file of noise: hashes of hashes, so that no part of it means anything. */
function noise(name: string, megabytes: number): string {
  const path = join(HOME, name);
  const million = Buffer.alloc(1_000_000);
  for (let at = 0, hash = Buffer.from(name); at < million.length; at += hash.copy(million, at))
    hash = createHash('sha512').update(hash).digest();
  const handle = openSync(path, 'w');
  for (let i = 0; i < megabytes; i++) writeSync(handle, million);
  closeSync(handle);
  return path;
}
