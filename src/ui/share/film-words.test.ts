import { expect, it } from 'vitest';
import { scoredFilm } from '../../core/export/testing/results.js';
import { createI18n } from '../i18n/index.js';
import type { ReadFilm } from '../reading/index.js';
import { describeFilm } from './film-words.js';

it('the facts on a picture name an imported model by its checkpoint, its SHA-256 and what was not done with it', () => {
  const { result, manifest, ...film } = scoredFilm();
  const { t } = createI18n('en');
  const facts = (origin?: object): readonly (readonly [string, string])[] => {
    const scored = { result: { ...result, pack: { ...result.pack, ...(origin && { origin }) } } };
    const read = { ...film, phase: { manifest: { ...manifest, title: 'A model' }, scored } } as unknown as ReadFilm;
    return describeFilm(t, 'en', read, false).facts;
  };
  const origin = { file: 'CheXzero.pt', sha256: '5a'.repeat(32), state: 'imported, not validated here' };
  expect(facts(origin)).toContainEqual(['Checkpoint', `CheXzero.pt, imported, not validated here; SHA-256 ${origin.sha256}`]);
  expect(new Map(facts()).has('Checkpoint')).toBe(false);
});
