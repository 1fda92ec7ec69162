import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../crc32.js';
import { AppError } from '../errors.js';
import { drawPhantom } from '../film/phantom.js';
import { POSITION_IDS } from '../result.js';
import { resultOf, scoredFilm } from '../export/testing/results.js';
import { scoredRecord } from '../export/scored-record.js';
import { decodeLink, isResultFragment, linkVersion } from './decode-link.js';
import { encodeFragment } from './encode-link.js';
import { sharedFromLine } from './from-line.js';
import { NOTE_LIMIT } from './note-text.js';
import { makePreview } from './preview-writer.js';
import { toShared, type SharedResult } from './shared-result.js';

const MANIFEST = { rule: { kind: 'ppad', maxAbove: 0.8 }, stage: 'early' } as const;
const film = scoredFilm();
const plain = toShared(film.result, { sides: 'assumed', manifest: MANIFEST });

const codeOf = (act: () => unknown): string => {
  try {
    act();
    return 'no error';
  } catch (thrown) {
    return thrown instanceof AppError ? thrown.code : `not ours: ${String(thrown)}`;
  }
};

/** A link's record without its checksum, and the link of a record to which the right checksum is added. */
const open = (link: string): Buffer => Buffer.from(link.slice(2), 'base64url').subarray(0, -4);
const seal = (body: Uint8Array): string => {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return `r=${Buffer.concat([body, sum]).toString('base64url')}`;
};
/** The link with some of its bytes changed and the checksum made right: what a forger would send. */
const forge = (link: string, change: (bytes: Buffer) => Uint8Array): string => seal(change(Buffer.from(open(link))));

interface Golden {
  readonly link: string;
  readonly says: Omit<SharedResult, 'positions'> & { readonly probabilities: readonly number[] };
}
const golden = (version: number): Golden[] =>
  JSON.parse(readFileSync(new URL(`fixtures/golden-v${version}.json`, import.meta.url), 'utf8')) as Golden[];

describe.each([1, 2])('links of version %d, made by another program', (version) => {
  const GOLDEN = golden(version);

  it.each(GOLDEN)('are read as they were meant ($says.rule, $says.backend, $says.date)', ({ link, says }) => {
    const { probabilities, preview, ...rest } = says;
    const read = decodeLink(`https://example.org/app/?lang=zh#${link}`);
    expect(read).toMatchObject(rest);
    expect(read.positions).toEqual(POSITION_IDS.map((id, i) => ({ id, probability: probabilities[i] })));
    expect(read.aboveThreshold).toBe(says.score > says.threshold);
    expect(read.note).toBe(says.note);
    expect(read.maxAbove).toBe(says.maxAbove);
    expect(read.calibrated).toBe(says.calibrated);
    expect(read.chestCheck).toEqual(says.chestCheck);
    expect(read.preview && { ...read.preview, levels: [...read.preview.levels] }).toEqual(preview);
    expect(linkVersion(link)).toBe(version);
  });

  it('are written the same, but for the packing of pictures', () => {
    for (const { link } of GOLDEN) {
      const read = decodeLink(link);
      if (read.preview) expect(decodeLink(encodeFragment(read))).toEqual(read);
      else expect(encodeFragment(read)).toBe(link);
    }
  });

  it('have at most 400 characters without note and picture, whatever their pack is called', () => {
    const lengths = GOLDEN.filter(({ says }) => !says.note && !says.preview).map(({ link }) => link.length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(400);
    expect(encodeFragment(plain).length).toBeLessThan(230);
  });
});

describe('a link', () => {
  it('gives back every number to the last bit', () => {
    const read = decodeLink(encodeFragment(plain));
    expect(read).toEqual(plain);
    expect(read.positions.map(({ probability }) => probability)).toEqual(
      film.result.positions.map(({ probability }) => probability),
    );
  });

  it.each([0.5, 0.5 + 2 ** -53, 0.5 - 2 ** -54, 0.1 + 0.2])(
    'keeps the side of a threshold of %d that the score touches',
    (threshold) => {
      const even: readonly [number, number] = [0, 0];
      const result = resultOf([even, even, even, even, even], { threshold });
      const shared = toShared({ ...result, aboveThreshold: result.score > threshold }, { sides: 'assumed', manifest: MANIFEST });
      expect(result.score).toBe(0.5);
      expect(decodeLink(encodeFragment(shared)).aboveThreshold).toBe(0.5 > threshold);
    },
  );

  it('is read with or without what stands before the fragment', () => {
    const fragment = encodeFragment(plain);
    for (const link of [fragment, `#${fragment}`, `http://localhost:5173/#${fragment}`, `  https://a.b/c?d=e#${fragment}\n`])
      expect(decodeLink(link)).toEqual(plain);
    expect(isResultFragment(`#${fragment}`)).toBe(true);
    expect(isResultFragment('#stage')).toBe(false);
  });

  it('holds no file name and no pixel', () => {
    const shared = toShared(scoredFilm({ name: 'Doe-Jane.png' }).result, { sides: 'assumed', manifest: MANIFEST });
    expect(open(encodeFragment(shared)).toString('latin1')).not.toContain('Doe');
    expect(shared.preview).toBeUndefined();
  });

  it('is the same from the line that the command line prints', () => {
    const line = JSON.stringify({ file: 'a.png', ...scoredRecord(film.result, film.manifest, 'flipped') });
    const expected = toShared(film.result, { sides: 'flipped', manifest: MANIFEST, note: 'hello' });
    expect(sharedFromLine(line, 'hello')).toEqual(expected);
    expect(decodeLink(encodeFragment(expected))).toEqual(expected);
  });

  it('is made of an earlier line too, which had neither stage nor bound', () => {
    const { maxAbove, ...record } = scoredRecord(film.result, film.manifest, 'assumed');
    expect(maxAbove).toBe(0.8);
    const shared = sharedFromLine(JSON.stringify({ ...record, pack: film.result.pack }));
    expect(shared).toEqual(toShared(film.result, { sides: 'assumed' }));
    expect(decodeLink(encodeFragment(shared))).toEqual(shared);
  });

  it('carries a picture of 64 pixels that is told from others', () => {
    const preview = makePreview(drawPhantom({ width: 300, height: 400, opacity: true }));
    expect(preview).toMatchObject({ width: 48, height: 64 });
    expect(new Set(preview.levels).size).toBeGreaterThan(8);
    const link = encodeFragment({ ...plain, preview });
    expect(decodeLink(link).preview).toEqual(preview);
    expect(link.length).toBeLessThan(2500);
  });
});

describe("an imported model's link", () => {
  const origin = { file: 'CheXzero.pt', sha256: '5a'.repeat(32), state: 'imported, not validated here' } as const;
  const resultFrom = (file: string) => ({ ...film.result, pack: { ...film.result.pack, origin: { ...origin, file } } });
  const sent = (file: string) => decodeLink(encodeFragment(toShared(resultFrom(file), { sides: 'assumed' }))).pack.origin;

  it('says which checkpoint it is, and that nobody has validated it', () => {
    expect(sent('CheXzero.pt')).toEqual(origin);
    const evaluation = { normal: 4, abnormal: 5, auroc: 0.9, date: '2026-11-24T12:00:00.000Z' };
    const evaluated = { ...origin, state: 'imported, evaluated here', evaluation } as const;
    const shared = toShared({ ...film.result, pack: { ...film.result.pack, origin: evaluated } }, { sides: 'assumed' });
    // The sender's numbers stay with the sender.
    expect(decodeLink(encodeFragment(shared)).pack.origin).toEqual({ ...origin, state: 'imported, evaluated here' });
  });

  it.each([
    ['a'.repeat(200) + '.pt', `${'a'.repeat(29)}…`],
    ['检'.repeat(40), `${'检'.repeat(9)}…`],
    ['evil\u202ename.pt', 'evil\ufffdname.pt'],
    ['two\nlines  here.pt', 'two lines here.pt'],
    [' ', 'checkpoint'],
  ])('has room for a short name of %j', (file, short) => {
    expect(sent(file)?.file).toBe(short);
  });

  it('is the same from the line that the command line prints', () => {
    const result = resultFrom('CheXzero.pt');
    const line = JSON.stringify({ file: 'a.png', ...scoredRecord(result, film.manifest, 'assumed') });
    expect(sharedFromLine(line)).toEqual(toShared(result, { sides: 'assumed', manifest: MANIFEST }));
  });

  it.each([
    ['another state', { state: 'validated' }],
    ['a hash that is none', { sha256: 'xyz' }],
    ['a name that is too long', { file: 'a'.repeat(33) }],
    ['a name that turns the text around it', { file: 'a\u202eb' }],
  ])('is not even made with %s', (_, change) => {
    const pack = { ...plain.pack, origin: { ...origin, ...change } } as SharedResult['pack'];
    expect(codeOf(() => encodeFragment({ ...plain, pack }))).toBe('LINK_INVALID');
  });
});

describe('a note', () => {
  const noteOf = (note: string): string | undefined =>
    decodeLink(encodeFragment(toShared(film.result, { sides: 'assumed', manifest: MANIFEST, note }))).note;

  it('is text, whatever it looks like', () => {
    expect(noteOf('<img src=x onerror=alert(1)> {{film}} $t(app.name)')).toBe(
      '<img src=x onerror=alert(1)> {{film}} $t(app.name)',
    );
    expect(noteOf('  下野。\r\nSecond line 👩‍⚕️ نص ')).toBe('下野。\nSecond line 👩‍⚕️ نص');
    expect(noteOf(' \n ')).toBeUndefined();
  });

  it.each(['\u202e', '\u2066', '\u200f', '\u061c', '\0', '\x1b', '\x9b', '\u2028', '\ufeff', '\u{e0041}', '\t', '\r'])(
    'shows that %j was in it, without its effect',
    (control) => {
      expect(noteOf(`a${control}b`)).toBe('a\ufffdb');
      // A forger's link does not pass through our writer.
      const link = encodeFragment({ ...plain, note: 'a~b' });
      const forged = forge(link, (body) => {
        const at = body.indexOf('a~b');
        const text = Buffer.from(`a${control}b`);
        const length = Buffer.alloc(2);
        length.writeUInt16BE(text.length);
        return Buffer.concat([body.subarray(0, at - 2), length, text]);
      });
      expect(decodeLink(forged).note).toBe('a\ufffdb');
    },
  );

  it('is refused when it is too long, on both ends', () => {
    expect(noteOf('字'.repeat(NOTE_LIMIT))).toHaveLength(NOTE_LIMIT);
    expect(codeOf(() => noteOf('字'.repeat(NOTE_LIMIT + 1)))).toBe('LINK_INVALID');
    const forged = forge(encodeFragment({ ...plain, note: 'x' }), (body) =>
      Buffer.concat([body.subarray(0, -3), Buffer.from([1, 44]), Buffer.from('x'.repeat(300))]),
    );
    expect(codeOf(() => decodeLink(forged))).toBe('LINK_INVALID');
  });
});

describe('a link that was changed', () => {
  const link = encodeFragment({ ...plain, note: 'See the lower zone.' });

  it('is an error at every character, never other numbers', () => {
    for (let at = 0; at < link.length; at++)
      for (const other of ['A', 'B', '_', '!', '%']) {
        if (link[at] === other) continue;
        expect(codeOf(() => decodeLink(link.slice(0, at) + other + link.slice(at + 1)))).toBe('LINK_DAMAGED');
      }
  });

  it('is an error wherever it is cut, and with anything behind it', () => {
    for (let end = 0; end < link.length; end++) expect(codeOf(() => decodeLink(link.slice(0, end)))).toBe('LINK_DAMAGED');
    for (const more of ['A', 'AA', 'AAA', 'AAAA', '.', ')', '=', '&x=1'])
      expect(codeOf(() => decodeLink(link + more))).toBe('LINK_DAMAGED');
  });

  it.each(['', '#', 'https://example.org/', 'r', 'r=', '#r=====', 'r=AAAA', `r=${'A'.repeat(100_000)}`])(
    'or is none at all is an error: %.40s',
    (text) => {
      expect(codeOf(() => decodeLink(text))).toBe('LINK_DAMAGED');
    },
  );
});

describe('a link that was forged, its checksum right', () => {
  const link = encodeFragment(plain);
  const byte = (at: number, value: number) => forge(link, (body) => ((body[at] = value), body));
  const double = (at: number, value: number) => forge(link, (body) => (body.writeDoubleBE(value, at), body));
  const FLAGS_HIGH = 1;
  const FLAGS = 2;
  const ORIGIN = 3;
  const PROBABILITIES = 26;
  const SCORE = 66;
  const THRESHOLD = 74;
  const MAX_ABOVE = 82;

  it.each([
    ['a version yet to come', byte(0, 3), 'LINK_TOO_NEW'],
    ['version 2, but nothing that is new in it', byte(0, 2), 'LINK_INVALID'],
    ['version 0', byte(0, 0), 'LINK_INVALID'],
    ['an unknown flag', byte(FLAGS, 128 | 4), 'LINK_INVALID'],
    ['another unknown flag', byte(FLAGS_HIGH, 4), 'LINK_INVALID'],
    ['an unknown rule', byte(FLAGS_HIGH, 3), 'LINK_INVALID'],
    ['an unknown stage', byte(ORIGIN, 0x25), 'LINK_INVALID'],
    ['an unknown backend', byte(ORIGIN, 0x41), 'LINK_INVALID'],
    ['another branch of the rule', byte(FLAGS_HIGH, 1), 'LINK_INVALID'],
    ["the whole film's own score, but with PPAD's bound", byte(FLAGS_HIGH, 2), 'LINK_INVALID'],
    ['a probability above 1', double(PROBABILITIES, 1.5), 'LINK_INVALID'],
    ['a probability below 0', double(PROBABILITIES + 8, -0.1), 'LINK_INVALID'],
    ['no number', double(PROBABILITIES + 16, NaN), 'LINK_INVALID'],
    ['infinity', double(THRESHOLD, Infinity), 'LINK_INVALID'],
    ['a score that does not follow', double(SCORE, 0.2), 'LINK_INVALID'],
    ['a highest that does not count', double(MAX_ABOVE, 0.99), 'LINK_INVALID'],
    ['a date beyond year 9999', byte(4, 255), 'LINK_INVALID'],
    ['bytes after its end', seal(Buffer.concat([open(link), Buffer.from([0])])), 'LINK_INVALID'],
    ['a byte too few', seal(open(link).subarray(0, -1)), 'LINK_INVALID'],
    ['a flag without its field', byte(FLAGS, 4 | 8), 'LINK_INVALID'],
    [
      'a pack name of other letters',
      forge(link, (body) => (body.write('PPAD', body.indexOf('ppad-small')), body)),
      'LINK_INVALID',
    ],
    ['text that is no UTF-8', forge(link, (body) => (body.fill(0xff, body.indexOf('ppad-web')), body)), 'LINK_INVALID'],
  ])('is refused with %s', (_, forged, code) => {
    expect(codeOf(() => decodeLink(forged))).toBe(code);
  });

  it.each([
    ['beyond its range', { calibrated: 1.2 }],
    ['on the other side of one half', { calibrated: 0.3 }],
    ['flagged below its bound', { chestCheck: { value: 0.2, threshold: 0.5, flagged: true, reason: 'unfamiliar' } }],
    ['flagged without a reason', { chestCheck: { value: 0.7, threshold: 0.5, flagged: true, reason: null } }],
  ] as const)('is not even made with a second number %s', (_, changes) => {
    expect(codeOf(() => encodeFragment({ ...plain, ...changes }))).toBe('LINK_INVALID');
  });

  it('is refused with a picture that is none', () => {
    const preview = makePreview(drawPhantom({ width: 64, height: 64, opacity: false }));
    const picture = encodeFragment({ ...plain, preview });
    const at = open(link).length;
    const change = (offset: number, value: number) =>
      codeOf(() => decodeLink(forge(picture, (body) => ((body[at + offset] = value), body))));
    expect(change(0, 65)).toBe('LINK_INVALID');
    expect(change(0, 0)).toBe('LINK_INVALID');
    expect(change(1, 63)).toBe('LINK_INVALID');
    expect(change(2, 255)).toBe('LINK_INVALID');
    expect(change(4, 0xff)).toBe('LINK_INVALID');
  });
});

describe('a line that is no result', () => {
  const record = scoredRecord(film.result, film.manifest, 'assumed');
  it.each([
    ['not JSON', '{'],
    ['another thing', '[]'],
    ['the line of a film that failed', '{"file":"a","error":{"code":"TRUNCATED","message":"x"}}'],
    ['four positions', JSON.stringify({ ...record, positions: record.positions.slice(1) })],
    ['no hash', JSON.stringify({ ...record, pack: { name: 'a', version: '1.0.0' } })],
    ['endless', `"${'x'.repeat(200_000)}"`],
  ])('is refused: %s', (_, line) => {
    expect(codeOf(() => sharedFromLine(line))).toBe('RESULT_INVALID');
  });

  it('is refused when its numbers contradict each other', () => {
    const encode = (changes: object) => codeOf(() => encodeFragment(sharedFromLine(JSON.stringify({ ...record, ...changes }))));
    expect(encode({})).toBe('no error');
    expect(encode({ score: 0.1 })).toBe('LINK_INVALID');
    expect(encode({ maxAbove: 2 })).toBe('LINK_INVALID');
    expect(encode({ aboveThreshold: false })).toBe('LINK_INVALID');
    expect(encode({ positions: record.positions.toReversed() })).toBe('LINK_INVALID');
    expect(encode({ inputDigest: 'xyz' })).toBe('LINK_INVALID');
    expect(encode({ date: 'yesterday' })).toBe('LINK_INVALID');
    expect(encode({ pack: { ...record.pack, version: `1.0.0-${'x'.repeat(100)}` } })).toBe('LINK_INVALID');
  });
});
