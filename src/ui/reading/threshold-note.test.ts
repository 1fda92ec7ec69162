import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createI18n } from '../i18n/index.js';
import { knownThresholdNote } from './threshold-note.js';

it('the threshold of the model that ships, and of imported ones, is explained in each language', () => {
  const { threshold } = JSON.parse(readFileSync('models/default/manifest.json', 'utf8')) as { threshold: { how: string } };
  const { t } = createI18n('zh');
  expect(knownThresholdNote(t, threshold.how)).toMatch(/[\u4e00-\u9fff]/);
  // As `import-meta.ts` writes it.
  const imported = /how: "(The reference[^"]+)"/.exec(readFileSync('src/engine/import-meta.ts', 'utf8'))?.[1];
  expect(knownThresholdNote(t, imported ?? '')).toMatch(/[\u4e00-\u9fff]/);
  expect(knownThresholdNote(t, 'set by someone else')).toBeUndefined();
});
