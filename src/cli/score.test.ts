import { spawn } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawPhantom, encodePng } from '../core/film/phantom.js';
import { makeFixturePack, writePack } from './testing/fixture-pack.js';
import { runPpad } from './testing/run-ppad.js';

/** A line of `score --json`, either kind. */
interface Line {
  file: string;
  score: number;
  aboveThreshold: boolean;
  positions: { id: string; name: string; probability: number; logits: [number, number] }[];
  backend: string;
  inputDigest: string;
  error?: { code: string; message: string };
}

const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
const containing = (text: string): unknown => expect.stringContaining(text);

let home: string;
let pack: string;
let films: string;
const FILMS = ['a.png', 'b.png', 'deep/c.png', 'deep/d.png', 'e.png'];

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'ppad-score-'));
  pack = join(home, 'pack');
  films = join(home, 'films');
  writePack(pack, (await makeFixturePack()).files);
  mkdirSync(join(films, 'deep'), { recursive: true });
  FILMS.forEach((name, i) => {
    const film = drawPhantom({ width: 200 + 10 * i, height: 220, opacity: i % 2 === 1, seed: i + 1 });
    writeFileSync(join(films, name), encodePng(film));
  });
  writeFileSync(join(films, 'notes.txt'), 'not a film');
  writeFileSync(join(films, '._a.png'), 'what a Mac leaves behind');
}, 60_000);

afterAll(() => rmSync(home, { recursive: true, force: true }));

const score = (...args: string[]) => runPpad(['score', '--pack', pack, ...args]);
const parse = (out: string) =>
  out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
const filesIn = (out: string): string[] => parse(out).map(({ file }) => file);
const inFilms = (names: readonly string[]): string[] => names.map((name) => join(films, name));

describe('score --json', () => {
  it('prints a line a film with every field, and nothing else', async () => {
    const { status, out, err } = await score('--json', join(films, 'a.png'));
    expect(err).toBe('');
    expect(status).toBe(0);
    const [line, ...more] = parse(out);
    expect(more).toEqual([]);
    expect(Object.keys(line!)).toEqual([
      'file',
      'score',
      'rule',
      'maxAbove',
      'threshold',
      'aboveThreshold',
      'positions',
      'sides',
      'backend',
      'pack',
      'app',
      'date',
      'inputDigest',
      'ms',
      'film',
    ]);
    expect(line).toMatchObject({
      file: join(films, 'a.png'),
      threshold: 0.5,
      sides: 'assumed',
      backend: 'native',
      pack: { name: 'fixture', version: '0.0.1', sha256: matching(/^[0-9a-f]{64}$/) },
      app: matching(/^ppad-web \d+\.\d+\.\d+$/),
      date: matching(/^\d{4}-\d\d-\d\dT.*Z$/),
      inputDigest: matching(/^[0-9a-f]{32}$/),
    });
    const { ms } = line as unknown as { ms: Record<string, number> };
    expect(Object.keys(ms)).toEqual(['decode', 'preprocess', 'inference']);
    for (const time of Object.values(ms)) expect(time).toBeGreaterThan(0);
    const { positions } = line!;
    expect(positions.map(({ id, name }) => [id, name])).toMatchObject([
      ['left', expect.stringContaining('right lung')],
      ['right', expect.stringContaining('left lung')],
      ['upper', expect.any(String)],
      ['lower', expect.any(String)],
      ['whole', expect.any(String)],
    ]);
    for (const { probability, logits } of positions)
      expect(probability).toBeCloseTo(1 / (1 + Math.exp(logits[0] - logits[1])), 12);
    const all = positions.map(({ probability }) => probability);
    const largest = Math.max(...all);
    const expected = largest > 0.8 ? largest : all.reduce((sum, p) => sum + p, 0) / 5;
    expect(line!.score).toBeCloseTo(expected, 12);
    expect(line!.aboveThreshold).toBe(expected > 0.5);
  });

  it('changes names alone when the sides are flipped', async () => {
    const [assumed] = parse((await score('--json', join(films, 'a.png'))).out);
    const [flipped] = parse((await score('--json', '--sides', 'flipped', join(films, 'a.png'))).out);
    const rest = ({ positions }: Line) => positions.map((position) => ({ ...position, name: '' }));
    expect(rest(flipped!)).toEqual(rest(assumed!));
    expect(flipped).toMatchObject({ sides: 'flipped', score: assumed!.score });
    expect(flipped!.positions[0]!.name).toContain('left lung');
  });

  it('takes folders, in an order of its own, leaving out what is no film', async () => {
    const { status, out } = await score('--json', films);
    expect(status).toBe(0);
    expect(filesIn(out)).toEqual(inFilms(FILMS));
  });

  it('does not go round in links to folders above', async () => {
    const loop = join(home, 'loop');
    mkdirSync(loop);
    cpSync(join(films, 'a.png'), join(loop, 'a.png'));
    symlinkSync(loop, join(loop, 'again'));
    expect(filesIn((await score('--json', loop)).out)).toEqual([join(loop, 'a.png')]);
  });

  it('gives the same scores on the WebAssembly runtime', async () => {
    const native = parse((await score('--json', films)).out);
    const ran = await runPpad(['score', '--json', '--pack', pack, '--threads', '2', films], { PPAD_RUNTIME: 'wasm' });
    expect(ran).toMatchObject({ status: 0, err: '' });
    const lines = parse(ran.out);
    expect(lines.map(({ backend }) => backend)).toEqual(FILMS.map(() => 'wasm'));
    lines.forEach((line, i) => expect(line.score).toBeCloseTo(native[i]!.score, 3));
    expect(lines.map(({ inputDigest }) => inputDigest)).toEqual(native.map(({ inputDigest }) => inputDigest));
  });
});

describe('a machine without the native runtime', () => {
  it('is scored on WebAssembly, and told so', async () => {
    const hook = join(home, 'no-native.cjs');
    const load = "const Module = require('node:module'); const load = Module._extensions['.node'];";
    const fail = "if (file.includes('onnxruntime')) throw new Error('no binary for this machine'); return load(module, file);";
    writeFileSync(hook, `${load} Module._extensions['.node'] = (module, file) => { ${fail} };`);
    const args = ['score', '--json', '--threads', '1', '--pack', pack, join(films, 'a.png')];
    const { status, out, err } = await runPpad(args, { NODE_OPTIONS: `--require ${hook}` });
    expect(status).toBe(0);
    expect(parse(out)).toMatchObject([{ backend: 'wasm-single' }]);
    expect(err).toMatch(/native is set aside: .*no binary for this machine/);
  });
});

describe('npm run -s ppad', () => {
  it('takes names from where the person stands', async () => {
    const stands = { npm_lifecycle_event: 'ppad', INIT_CWD: films };
    const { status, out } = await runPpad(['score', '--json', '--pack', '../pack', 'a.png', 'deep'], stands);
    expect(status).toBe(0);
    expect(filesIn(out)).toEqual(['a.png', 'deep/c.png', 'deep/d.png']);
  });
});

describe('score of bad films', () => {
  it('answers each with its error, scores the rest, and exits with 1', async () => {
    const bad = join(home, 'bad');
    mkdirSync(bad);
    const whole = readFileSync(join(films, 'a.png'));
    writeFileSync(join(bad, '1-empty.png'), '');
    writeFileSync(join(bad, '2-text.png'), 'hello');
    writeFileSync(join(bad, '3-cut.png'), whole.subarray(0, whole.length / 2));
    writeFileSync(join(bad, '4-fine.png'), whole);
    writeFileSync(join(bad, '5-dicom.dcm'), Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')]));
    symlinkSync(join(bad, 'nowhere.png'), join(bad, '6-gone.png'));
    writeFileSync(join(bad, '7-large.png'), '');
    truncateSync(join(bad, '7-large.png'), 200_000_000);
    const { status, out, err } = await score('--json', bad, join(bad, 'missing.png'));
    expect(status).toBe(1);
    const codes = parse(out).map(({ file, error }) => [file.slice(bad.length + 1), error?.code]);
    expect(codes).toEqual([
      ['1-empty.png', 'EMPTY_FILE'],
      ['2-text.png', 'NOT_A_FILM'],
      ['3-cut.png', 'TRUNCATED'],
      ['4-fine.png', undefined],
      ['5-dicom.dcm', 'DICOM_NOT_YET'],
      ['6-gone.png', 'FILE_VANISHED'],
      ['7-large.png', 'TOO_LARGE'],
      ['missing.png', 'FILE_VANISHED'],
    ]);
    for (const line of parse(out)) if ('error' in line) expect(Object.keys(line)).toEqual(['file', 'error']);
    // Advice once a kind: seven failures, six kinds.
    expect(err.match(/FILE_VANISHED/g)).toHaveLength(1);
    expect(err.trim().split('\n')).toHaveLength(6);
  });

  it('says so in the table too', async () => {
    const { status, out, err } = await score(join(home, 'missing.png'), join(films, 'b.png'));
    expect(status).toBe(1);
    expect(out).toContain('not scored: There is no such file. (FILE_VANISHED)');
    expect(out).toMatch(/image score +\d+\.\d % +(above|below) this model's threshold of 50\.0 %/);
    expect(out).toMatch(/right lung +\d+\.\d %/);
    expect(err).toContain('not a medical device');
  });
});

describe('score --out', () => {
  it('writes the lines to a file, goes on after a torn line, and refuses a second start', async () => {
    const file = join(home, 'out.jsonl');
    expect(await score('--out', file, films)).toMatchObject({ status: 0, out: '' });
    const whole = readFileSync(file, 'utf8');
    expect(filesIn(whole)).toEqual(inFilms(FILMS));
    expect(await score('--out', file, films)).toMatchObject({ status: 2 });
    expect(readFileSync(file, 'utf8')).toBe(whole);

    const lines = whole.split('\n');
    writeFileSync(file, `${lines[0]}\n${lines[1]}\n${lines[2]!.slice(0, 100)}`);
    expect(await score('--out', file, '--resume', films)).toMatchObject({ status: 0, out: '' });
    const resumed = readFileSync(file, 'utf8');
    expect(filesIn(resumed)).toEqual(inFilms(FILMS));
    expect(resumed.startsWith(`${lines[0]}\n${lines[1]}\n`)).toBe(true);
    expect(await score('--out', file, '--resume', films)).toMatchObject({ status: 0 });
    expect(readFileSync(file, 'utf8')).toBe(resumed);
  });

  it('remembers that a film failed before', async () => {
    const file = join(home, 'failed.jsonl');
    const missing = join(home, 'missing.png');
    expect(await score('--out', file, missing, join(films, 'a.png'))).toMatchObject({ status: 1 });
    expect(await score('--out', file, '--resume', missing, join(films, 'a.png'))).toMatchObject({ status: 1 });
    expect(filesIn(readFileSync(file, 'utf8'))).toEqual([missing, join(films, 'a.png')]);
  });

  it('touches no file that holds something else, or results of another pack', async () => {
    const other = join(home, 'notes.md');
    writeFileSync(other, '# my notes\nthat I want to keep');
    expect(await score('--out', other, '--resume', films)).toMatchObject({ status: 2, err: containing('line 1') });
    expect(readFileSync(other, 'utf8')).toBe('# my notes\nthat I want to keep');

    const file = join(home, 'mixed.jsonl');
    await score('--out', file, join(films, 'a.png'));
    const before = readFileSync(file, 'utf8');
    const second = join(home, 'second-pack');
    writePack(second, (await makeFixturePack({ seed: 5 })).files);
    expect(await runPpad(['score', '--pack', second, '--out', file, '--resume', films])).toMatchObject({
      status: 2,
      err: containing('another pack'),
    });
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('leaves whole lines behind when it is interrupted', async () => {
    const many = join(home, 'many');
    mkdirSync(many);
    for (let i = 0; i < 150; i++)
      symlinkSync(join(films, FILMS[i % FILMS.length]!), join(many, `${String(i).padStart(3, '0')}.png`));
    const file = join(home, 'interrupted.jsonl');
    const child = spawn(process.execPath, ['scripts/ppad.mjs', 'score', '--pack', pack, '--out', file, many]);
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    while (!existsSync(file) || readFileSync(file).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    const text = readFileSync(file, 'utf8');
    expect(text.endsWith('\n')).toBe(true);
    const done = filesIn(text).length;
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(150);
    appendFileSync(file, '{"file":"torn');
    expect(await score('--out', file, '--resume', many)).toMatchObject({ status: 0 });
    const all = filesIn(readFileSync(file, 'utf8'));
    expect(new Set(all).size).toBe(150);
    expect(all).toHaveLength(150);
  });
});

describe('score --shard', () => {
  it('deals every film to exactly one shard', async () => {
    const shards = [];
    for (const shard of ['1/3', '2/3', '3/3']) shards.push(filesIn((await score('--json', '--shard', shard, films)).out));
    expect(shards.map((shard) => shard.length)).toEqual([2, 2, 1]);
    expect(shards[0]).toEqual(inFilms(['a.png', 'deep/d.png']));
    expect(shards.flat().sort()).toEqual(inFilms(FILMS).sort());
  });
});

describe('score into a pipe', () => {
  it('ends quietly when nobody reads on', async () => {
    const child = spawn(process.execPath, ['scripts/ppad.mjs', 'score', '--json', '--pack', pack, films, films, films]);
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.stdout.once('data', () => child.stdout.destroy());
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect(err).toBe('');
    expect(status).toBe(1);
  });
});

describe('wrong usage', () => {
  it.each([
    [[]],
    [['scor']],
    [['score']],
    [['score', '--jsno', 'x.png']],
    [['score', '--threads', '0', 'x.png']],
    [['score', '--threads', 'two', 'x.png']],
    [['score', '--shard', '0/4', 'x.png']],
    [['score', '--shard', '5/4', 'x.png']],
    [['score', '--sides', 'left', 'x.png']],
    [['score', '--resume', 'x.png']],
    [['pack']],
    [['pack', 'open', 'x']],
    [['pack', 'verify']],
    [['help', 'me']],
  ])('%j exits with 2 and says why on standard error', async (args) => {
    const { status, out, err } = await runPpad(args);
    expect(status).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(/^ppad: /);
  });

  it('names a folder without films', async () => {
    const empty = join(home, 'empty');
    mkdirSync(empty);
    expect(await score('--json', empty)).toMatchObject({ status: 2, out: '', err: containing(empty) });
  });

  it.each([[['help']], [['--help']], [['help', 'score']], [['score', '--help']]])('%j helps on standard output', async (args) => {
    const { status, out, err } = await runPpad(args);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toContain('ppad score');
  });
});
