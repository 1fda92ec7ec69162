import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawPhantom, encodePng } from '../core/film/phantom.js';
import type { ScoredRecord } from '../core/export/scored-record.js';
import { makeFixturePack, writePack } from './testing/fixture-pack.js';
import { runPpad, type Ran } from './testing/run-ppad.js';

let home: string;
let line: string;
let record: ScoredRecord;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'ppad-link-'));
  writePack(join(home, 'pack'), (await makeFixturePack()).files);
  writeFileSync(join(home, 'Doe-Jane.png'), encodePng(drawPhantom({ width: 200, height: 220, opacity: true })));
  const { out } = await runPpad([
    'score',
    '--json',
    '--sides',
    'flipped',
    '--pack',
    join(home, 'pack'),
    join(home, 'Doe-Jane.png'),
  ]);
  line = out;
  record = JSON.parse(out) as ScoredRecord;
  writeFileSync(join(home, 'line.json'), line);
}, 60_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Runs ppad with text on its standard input. */
function pipe(text: string, ...args: string[]): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['scripts/ppad.mjs', ...args]);
    const ran = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (ran.out += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (ran.err += chunk));
    child.on('error', reject).on('close', (status) => resolve({ status, ...ran }));
    // It may end without having read all.
    child.stdin.on('error', () => undefined);
    child.stdin.end(text);
  });
}

describe('link', () => {
  it('encode prints a whole link without the name of the file, decode gives back every number', async () => {
    const encoded = await runPpad(['link', 'encode', '--base', 'https://example.org/app/?lang=zh#old', join(home, 'line.json')]);
    expect({ status: encoded.status, err: encoded.err }).toEqual({ status: 0, err: '' });
    expect(encoded.out).toMatch(/^https:\/\/example\.org\/app\/\?lang=zh#r=[\w-]{1,400}\n$/);
    expect(Buffer.from(encoded.out.trim().split('#r=')[1] ?? '', 'base64url').toString('latin1')).not.toMatch(/Doe|Jane/);
    const decoded = await runPpad(['link', 'decode', '--json', encoded.out.trim()]);
    expect({ status: decoded.status, err: decoded.err }).toEqual({ status: 0, err: '' });
    const { score, rule, maxAbove, threshold, aboveThreshold, sides, backend, app, date, inputDigest, pack } = record;
    expect({ maxAbove, stage: pack.stage }).toEqual({ maxAbove: 0.8, stage: 'fixture' });
    expect(JSON.parse(decoded.out)).toEqual({
      version: 1,
      positions: record.positions.map(({ id, name, probability }) => ({ id, name, probability })),
      ...{ score, rule, maxAbove, threshold, aboveThreshold, sides, pack, backend, app, date, inputDigest },
      synthetic: false,
    });
  });

  it('takes lines and links from a pipe, and a note', async () => {
    const encoded = await pipe(line + line, 'link', 'encode', '--note', '请看 the lower zone', '-');
    expect(encoded).toMatchObject({ status: 0, err: '' });
    const links = encoded.out.trim().split('\n');
    expect(links).toHaveLength(2);
    expect(links[0]).toMatch(/^http:\/\/localhost:5173\/#r=/);
    const decoded = await pipe(encoded.out, 'link', 'decode', '-');
    expect(decoded).toMatchObject({ status: 0, err: '' });
    expect(decoded.out).toContain('请看 the lower zone');
    expect(decoded.out).toContain("patient's left lung");
    expect(decoded.out).toContain(record.pack.sha256);
  });

  it('answers a damaged link with its typed error and no number', async () => {
    const { out } = await runPpad(['link', 'encode', join(home, 'line.json')]);
    const link = out.trim();
    const at = link.indexOf('#r=') + 40;
    const changed = `${link.slice(0, at)}${link[at] === 'A' ? 'B' : 'A'}${link.slice(at + 1)}`;
    for (const bad of [changed, link.slice(0, -5), `${link}x`, 'http://localhost:5173/', 'nonsense']) {
      const asJson = await runPpad(['link', 'decode', '--json', bad]);
      expect(asJson.status).toBe(1);
      expect(JSON.parse(asJson.out)).toEqual({ error: { code: 'LINK_DAMAGED', message: expect.any(String) as string } });
      expect(asJson.err).toContain('LINK_DAMAGED');
    }
    expect(await runPpad(['link', 'decode', changed])).toMatchObject({ status: 1, out: '' });
  });

  it('makes no link of what is no result, and goes on with the rest', async () => {
    const failed = '{"file":"x.png","error":{"code":"TRUNCATED","message":"ends"}}\n';
    const ran = await pipe(`${failed}${line}not json\n`, 'link', 'encode', '-');
    expect(ran.status).toBe(1);
    expect(ran.out.match(/^http/gm)).toHaveLength(1);
    expect(ran.err).toMatch(/line 1: .*RESULT_INVALID/);
    expect(ran.err).toMatch(/line 3: .*RESULT_INVALID/);
    expect(await pipe('', 'link', 'encode', '-')).toMatchObject({ status: 1, out: '' });
    expect(await runPpad(['link', 'encode', join(home, 'missing')])).toMatchObject({ status: 1, out: '' });
    expect(await pipe('x'.repeat(300_000), 'link', 'encode', '-')).toMatchObject({ status: 1, out: '' });
  });

  it.each([
    ['link'],
    ['link', 'open', 'x'],
    ['link', 'encode'],
    ['link', 'decode'],
    ['link', 'decode', 'a', 'b'],
    ['link', 'encode', '--base', 'nowhere', '-'],
    ['link', 'encode', '--base', 'javascript:alert(1)', '-'],
    ['link', 'encode', '--json', '-'],
    ['link', 'decode', '--base', 'http://a.b/', 'x'],
    ['link', 'decode', '--unknown', 'x'],
  ])('exits with 2 for wrong usage: %s %s %s', async (...args) => {
    expect(await runPpad(args)).toMatchObject({ status: 2, out: '' });
  });
});
