import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../crc32.js';
import { ORIGIN_STATES } from '../result.js';
import { BACKENDS, FLAG, REASONS, RULES, RULE_SHIFT, STAGES } from './record.js';

// docs/formats.md is what another program is written from: its table alone must take links apart.

interface Row {
  /** As in the first column: `16`, `5 x 8`, `(8, 8, 1)`; in brackets what a flag announces. */
  readonly bytes: string;
  readonly field: string;
}

interface Golden {
  readonly link: string;
  readonly says: {
    readonly date: string;
    readonly inputDigest: string;
    readonly probabilities: readonly number[];
    readonly score: number;
    readonly threshold: number;
    readonly maxAbove?: number;
    readonly calibrated?: number;
    readonly chestCheck?: { readonly value: number; readonly threshold: number };
    readonly pack: {
      readonly name: string;
      readonly version: string;
      readonly sha256: string;
      readonly origin?: { readonly file: string; readonly sha256: string };
    };
    readonly app: string;
    readonly note?: string;
  };
}

const FORMATS = readFileSync(new URL('../../../docs/formats.md', import.meta.url), 'utf8');
const SECTION = /\n## Result link[^]*?(?=\n## )/.exec(FORMATS)?.[0] ?? '';
const ROWS: readonly Row[] = [...SECTION.matchAll(/^\| ([^|]*\d[^|]*) \| (.*) \|$/gm)].map(([, bytes = '', field = '']) => ({
  bytes,
  field,
}));

/** What the table calls the flags of the code. */
const FLAG_WORDS = {
  flipped: 'sides flipped',
  synthetic: 'synthetic phantom',
  maxAbove: '`maxAbove`',
  note: 'note',
  preview: 'preview',
  calibrated: 'calibrated score',
  chestCheck: 'chest check',
  origin: 'checkpoint',
} as const;

/** The row of a field, by the words that it begins with. */
function rowOf(start: string): Row {
  const row = ROWS.find(({ field }) => field.startsWith(start));
  if (!row) throw new Error(`The table has no row that begins with "${start}".`);
  return row;
}

/** Code and name, as `2 \`mean\`` in a row's text. */
function codesIn(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/(\d+) `([^`]+)`/g)].map(([, code = '', name = '']) => [code, name]));
}

const coded = (names: readonly (string | null | undefined)[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name, code) => (name ? [[code, name]] : [])));

/** A record's fields by the first words of their rows, cut as the first column says; nothing may be left. */
function takeApart(record: Buffer): Map<string, Buffer[]> {
  const flags = record.readUInt16BE(1);
  let at = 0;
  const take = (part: string): Buffer => {
    const begin = at;
    const [, head, n] = /^(\d+)( \+ n)?$/.exec(part) ?? [];
    at += Number(head);
    if (n) {
      const width = Math.min(2, Number(head));
      at += record.readUIntBE(at - width, width);
    }
    return record.subarray(begin, at);
  };
  const fields = new Map<string, Buffer[]>();
  for (const { bytes, field } of ROWS) {
    if (bytes.startsWith('(') && !(flags & flagOf(field))) continue;
    fields.set(field, partsOf(bytes).map(take));
  }
  expect(at).toBe(record.length);
  return fields;
}

/** `5 x 8` as five times 8, `(1, 32)` as 1 and 32. */
function partsOf(bytes: string): string[] {
  const repeated = bytes.replace(/^(\d) x (\d+)$/, (_, times, each) => Array(Number(times)).fill(each).join());
  return repeated
    .replace(/^(.*), three times$/, '$1,$1,$1')
    .replaceAll(/[()]/g, '')
    .split(/, ?/);
}

/** The flag that announces an optional row. */
function flagOf(field: string): number {
  const [about = ''] = field.split(',');
  const key = (['maxAbove', 'calibrated', 'chestCheck', 'origin', 'note', 'preview'] as const).find((name) =>
    about.includes(FLAG_WORDS[name]),
  );
  if (!key) throw new Error(`No flag announces "${field}".`);
  return FLAG[key];
}

const doubles = (parts: readonly Buffer[] | undefined): number[] | undefined => parts?.map((part) => part.readDoubleBE());
const texts = (parts: readonly Buffer[] | undefined): string[] | undefined => parts?.map((part) => part.toString('utf8', 1));

describe('the table of docs/formats.md', () => {
  it('has the flags and codes of the code', () => {
    const flags = rowOf('flags').field;
    const stated = [...(flags.split('; bits')[0] ?? '').matchAll(/[:,;] (?:[a-z ]*: )?(\d+) ([^,;]+)/g)];
    expect(stated.map(([, bit]) => Number(bit))).toEqual(Object.keys(FLAG_WORDS).map((key) => FLAG[key as keyof typeof FLAG]));
    for (const [i, words] of Object.values(FLAG_WORDS).entries()) expect(stated[i]?.[2]).toContain(words);
    expect(flags).toContain(`bits ${RULE_SHIFT} and ${RULE_SHIFT + 1} the rule`);
    expect(codesIn(flags.split('the rule')[1] ?? '')).toEqual(coded(RULES));
    const [stages, backends] = rowOf('low half').field.split('high half');
    expect(codesIn(stages ?? '')).toEqual(coded(STAGES));
    expect(codesIn(backends ?? '')).toEqual(coded(BACKENDS));
    expect(codesIn(rowOf('chest check').field)).toEqual(coded(REASONS));
    expect(codesIn(rowOf('version 2').field)).toEqual(coded(ORIGIN_STATES));
  });

  it.each([1, 2])('takes apart links of version %d', (version) => {
    const file = new URL(`fixtures/golden-v${version}.json`, import.meta.url);
    for (const { link, says } of JSON.parse(readFileSync(file, 'utf8')) as Golden[]) {
      const record = Buffer.from(link.slice(2), 'base64url');
      const fields = takeApart(record);
      const get = (start: string): Buffer[] | undefined => fields.get(rowOf(start).field);
      expect(get('format version')?.[0]?.[0]).toBe(version);
      expect(get('date')?.[0]?.readUIntBE(0, 6)).toBe(Date.parse(says.date));
      expect(get('input digest')?.[0]?.toString('hex')).toBe(says.inputDigest);
      expect(doubles(get('probabilities'))).toEqual(says.probabilities);
      expect(doubles(get('image score'))).toEqual([says.score, says.threshold]);
      expect(doubles(get('`maxAbove`'))?.[0]).toBe(says.maxAbove);
      expect(doubles(get('calibrated'))?.[0]).toBe(says.calibrated);
      const check = says.chestCheck;
      expect(doubles(get('chest check')?.slice(0, 2))).toEqual(check && [check.value, check.threshold]);
      expect(get('SHA-256')?.[0]?.toString('hex')).toBe(says.pack.sha256);
      expect(texts(get('pack name'))).toEqual([says.pack.name, says.pack.version, says.app]);
      const [, hash, file] = get('version 2') ?? [];
      expect(hash?.toString('hex')).toBe(says.pack.origin?.sha256);
      expect(file?.toString('utf8', 1)).toBe(says.pack.origin?.file);
      expect(get('note')?.[0]?.toString('utf8', 2)).toBe(says.note);
      expect(get('CRC-32')?.[0]?.readUInt32BE()).toBe(crc32(record.subarray(0, -4)));
    }
  });
});
