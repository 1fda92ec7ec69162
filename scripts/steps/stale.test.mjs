import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROOT, WORK } from '../paths.mjs';
import { staleness } from './stale.mjs';

/** @type {string} */
let folder;
beforeAll(() => {
  mkdirSync(WORK, { recursive: true });
  folder = mkdtempSync(join(WORK, 'stale-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

it('is stale until settled, and again after any change that a build would see', () => {
  const source = join(folder, 'src');
  mkdirSync(source);
  writeFileSync(join(source, 'a.ts'), 'one');
  const look = () => staleness(join(folder, 'out/stamp'), [relative(ROOT, source), 'no-such-file']);
  expect(look().stale).toBe(true);
  look().settle();
  expect(look().stale).toBe(false);

  writeFileSync(join(source, 'a.test.ts'), 'tests are not built');
  expect(look().stale).toBe(false);

  utimesSync(join(source, 'a.ts'), 1, 1);
  expect(look().stale).toBe(true);
  look().settle();
  writeFileSync(join(source, 'b.ts'), 'a new file');
  expect(look().stale).toBe(true);
  look().settle();
  look().forget();
  expect(look().stale).toBe(true);
});
