import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resultsCsv } from './results-csv.js';
import { resultsJson } from './results-json.js';
import { scoredFilm } from './testing/results.js';

const FAILED = { name: '王 "lung", 2.png', error: { code: 'TRUNCATED', message: '王 ends early.' } } as const;
const JSON_OPTIONS = { app: 'ppad-web 0.1.0', date: '2026-11-24T13:00:00.000Z' };

/** Reads CSV as RFC 4180 has it, independently of how it was written. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

function records(text: string): Record<string, string>[] {
  const [header = [], ...rows] = parseCsv(text.replace('\ufeff', ''));
  for (const row of rows) expect(row).toHaveLength(header.length);
  return rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i] ?? ''])));
}

describe('CSV', () => {
  it('has the numbers unrounded, in patient terms, with what they were made by', () => {
    const film = scoredFilm();
    const [row] = records(resultsCsv([film], { withNames: false }));
    const [left, right, upper, lower, whole] = film.result.positions.map(({ probability }) => String(probability));
    expect(row).toMatchObject({
      film: '1',
      image_score: String(film.result.score),
      threshold: '0.51',
      against_threshold: 'above',
      rule: 'max',
      patient_right_lung: left,
      patient_left_lung: right,
      upper_zones: upper,
      lower_zones: lower,
      whole_film: whole,
      sides: 'assumed',
      input_digest: film.result.inputDigest,
      pack_sha256: film.result.pack.sha256,
      app: 'ppad-web 0.1.0',
      date: film.result.date,
      use: 'Research use, not for diagnosis.',
    });
  });

  it('says of an imported model which checkpoint it is, and that nobody has validated it', () => {
    const film = scoredFilm();
    const origin = { file: '=mine.pt', sha256: '5a'.repeat(32), state: 'imported, not validated here' } as const;
    const imported = { ...film, result: { ...film.result, pack: { ...film.result.pack, origin } } };
    const [row] = records(resultsCsv([imported], { withNames: false }));
    expect(row).toMatchObject({ checkpoint: "'=mine.pt", checkpoint_sha256: origin.sha256, checkpoint_state: origin.state });
    const document = JSON.parse(resultsJson([imported], { ...JSON_OPTIONS, withNames: false })) as { films: object[] };
    expect(document.films[0]).toMatchObject({ pack: { origin } });
    expect(records(resultsCsv([film], { withNames: false }))[0]).toMatchObject({ checkpoint: '', checkpoint_state: '' });
  });

  it('moves the numbers of a flipped film to the other side of the patient', () => {
    const [assumed, flipped] = records(resultsCsv([scoredFilm(), scoredFilm({ sides: 'flipped' })], { withNames: false }));
    expect(flipped?.['patient_right_lung']).toBe(assumed?.['patient_left_lung']);
    expect(flipped?.['patient_left_lung']).toBe(assumed?.['patient_right_lung']);
    expect(flipped?.['upper_zones']).toBe(assumed?.['upper_zones']);
  });

  it('has the columns of docs/formats.md, in their order', () => {
    const formats = readFileSync(new URL('../../../docs/formats.md', import.meta.url), 'utf8');
    const [, columns = ''] = /A header, then a row a film: (.*?)\. Columns are/.exec(formats) ?? [];
    const stated = [...columns.replaceAll(/\([^)]*\)/g, '').matchAll(/`(\w+)`/g)].map(([, name]) => name);
    expect(resultsCsv([], { withNames: true })).toBe(`${stated.join()}\r\n`);
  });

  it('carries no file name unless told to, not in a message either', () => {
    const films = [scoredFilm({ name: 'Doe-Jane.png' }), FAILED];
    const silent = resultsCsv(films, { withNames: false });
    expect(silent).not.toMatch(/Doe|王|file|ends early/);
    expect(records(silent)[1]).toMatchObject({ film: '2', image_score: '', error_code: 'TRUNCATED' });
    const named = resultsCsv(films, { withNames: true });
    expect(named.startsWith('\ufeff')).toBe(true);
    expect(records(named)).toMatchObject([{ file: 'Doe-Jane.png' }, { file: FAILED.name, error_message: '王 ends early.' }]);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '=HYPERLINK("x"),y\r\n=2'])('makes text of the file name %j', (name) => {
    const [row] = records(resultsCsv([scoredFilm({ name })], { withNames: true }));
    expect(row?.['file']).toBe(`'${name}`);
  });
});

describe('JSON', () => {
  it('has every film in order with the record of the command line', () => {
    const film = scoredFilm({ sides: 'flipped', synthetic: true });
    const document = JSON.parse(resultsJson([film, FAILED], { ...JSON_OPTIONS, withNames: false })) as Record<string, unknown>;
    expect(document).toMatchObject({
      format: 'ppad-results',
      version: 1,
      use: 'Research use, not for diagnosis.',
      ...JSON_OPTIONS,
    });
    expect(document['films']).toEqual([
      {
        film: 1,
        synthetic: true,
        score: film.result.score,
        rule: 'max',
        maxAbove: 0.8,
        threshold: 0.51,
        aboveThreshold: true,
        positions: film.result.positions.map((position, i) => ({
          ...position,
          name: ["patient's left lung", "patient's right lung", 'upper zones', 'lower zones', 'whole film'][i],
        })),
        sides: 'flipped',
        backend: 'wasm',
        pack: { ...film.result.pack, stage: 'early' },
        app: film.result.app,
        date: film.result.date,
        inputDigest: film.result.inputDigest,
        ms: film.result.ms,
        image: film.result.film,
      },
      { film: 2, error: { code: 'TRUNCATED' } },
    ]);
  });

  it('carries file names when told to', () => {
    const text = resultsJson([scoredFilm({ name: 'Doe-Jane.png' }), FAILED], { ...JSON_OPTIONS, withNames: true });
    expect(JSON.parse(text)).toMatchObject({ films: [{ file: 'Doe-Jane.png' }, { file: FAILED.name, error: FAILED.error }] });
    expect(resultsJson([scoredFilm({ name: 'Doe-Jane.png' })], { ...JSON_OPTIONS, withNames: false })).not.toContain('Doe');
  });
});
