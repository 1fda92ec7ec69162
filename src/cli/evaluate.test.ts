import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawPhantom, encodePng } from '../core/film/phantom.js';
import type { ScoreResult } from '../core/result.js';
import { measureScores } from '../core/stats/bootstrap.js';
import { makeCheckpoint } from './testing/fixture-checkpoint.js';
import { makeFixturePack, writePack } from './testing/fixture-pack.js';
import { runPpad } from './testing/run-ppad.js';

let home: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'ppad-evaluate-'));
  writePack(join(home, 'pack'), (await makeFixturePack()).files);
  for (const opacity of [false, true]) {
    const folder = join(home, opacity ? 'abnormal' : 'normal');
    mkdirSync(folder);
    for (let seed = 1; seed <= 4; seed++)
      writeFileSync(join(folder, `${seed}.png`), encodePng(drawPhantom({ width: 200, height: 200, opacity, seed })));
  }
  mkdirSync(join(home, 'bad'));
  writeFileSync(join(home, 'bad', 'text.png'), 'text');
}, 60_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

const evaluate = (...args: string[]) => runPpad(['evaluate', '--pack', join(home, 'pack'), ...args]);

describe('evaluate', () => {
  it('gives one line of the metrics of the very scores that score gives', async () => {
    const { status, out, err } = await evaluate('--json', '--normal', join(home, 'normal'), '--abnormal', join(home, 'abnormal'));
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out.trimEnd()).not.toContain('\n');
    const line = JSON.parse(out) as Record<string, unknown>;
    expect(Object.keys(line).slice(0, 7)).toEqual(['n', 'auroc', 'ap', 'threshold', 'atThreshold', 'atHalf', 'failed']);
    expect(line).toMatchObject({ n: { normal: 4, abnormal: 4 }, threshold: 0.5, failed: [] });

    const scored = await runPpad(['score', '--json', '--pack', join(home, 'pack'), join(home, 'normal'), join(home, 'abnormal')]);
    const scores = scored.out
      .trimEnd()
      .split('\n')
      .map((text) => (JSON.parse(text) as { score: number }).score);
    const beside = measureScores(
      scores,
      scores.map((_, i) => i >= 4),
      { threshold: 0.5 },
    );
    expect(line['auroc']).toEqual(beside.auroc);
    expect(line['ap']).toEqual(beside.averagePrecision);
    const { accuracy: acc, f1, sensitivity, specificity } = beside;
    expect(line['atThreshold']).toEqual({ acc, f1, sensitivity, specificity });
    expect(line['atHalf']).toEqual({ acc, f1, sensitivity, specificity });
  });

  it('lists what failed and exits with 1', async () => {
    const bad = join(home, 'bad');
    const { status, out } = await evaluate(
      '--json',
      '--normal',
      join(home, 'normal'),
      '--normal',
      bad,
      '--abnormal',
      join(home, 'abnormal'),
    );
    expect(status).toBe(1);
    const { n, failed } = JSON.parse(out) as { n: object; failed: { file: string; error: { code: string } }[] };
    expect(n).toEqual({ normal: 4, abnormal: 4 });
    expect(failed).toMatchObject([{ file: join(bad, 'text.png'), error: { code: 'NOT_A_FILM' } }]);
  });

  it('has null for what the films that were left do not define', async () => {
    const { status, out } = await evaluate('--json', '--normal', join(home, 'normal'), '--abnormal', join(home, 'bad'));
    expect(status).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      n: { normal: 4, abnormal: 0 },
      auroc: null,
      ap: null,
      atHalf: { sensitivity: null },
    });
  });

  it('prints a table for people', async () => {
    const { status, out } = await evaluate('--normal', join(home, 'normal'), '--abnormal', join(home, 'abnormal'));
    expect(status).toBe(0);
    expect(out).toMatch(/AUROC +0\.\d{3} \(0\.\d{3} to [01]\.\d{3}\)/);
  });

  it('records what it found beside an imported pack, whose results say so from then on', async () => {
    const out = join(home, 'imported');
    writeFileSync(join(home, 'mine.safetensors'), await makeCheckpoint());
    expect((await runPpad(['import', join(home, 'mine.safetensors'), '--out', out])).status).toBe(0);
    const sets = ['--normal', join(home, 'normal'), '--abnormal', join(home, 'abnormal')];
    const origin = async (pack: string, ...more: string[]) => {
      const scored = await runPpad(['score', '--json', '--pack', pack, ...more, join(home, 'normal', '1.png')]);
      return (JSON.parse(scored.out) as ScoreResult).pack.origin;
    };
    const before = await origin(out);
    expect(before).toMatchObject({ file: 'mine.safetensors', state: 'imported, not validated here' });
    const { status, out: line, err } = await runPpad(['evaluate', '--json', '--pack', out, ...sets, '--record']);
    expect({ status, err }).toEqual({ status: 0, err: expect.stringContaining('evaluation.json') as string });
    const { auroc, date, pack } = JSON.parse(line) as { auroc: { value: number }; date: string; pack: ScoreResult['pack'] };
    expect(pack.origin).toEqual(before);
    const forPeople = await runPpad(['score', '--pack', out, join(home, 'normal', '1.png')]);
    expect(forPeople.err).toContain(`From mine.safetensors (SHA-256 ${before!.sha256}): imported, evaluated here.`);
    const evaluation = { normal: 4, abnormal: 4, auroc: auroc.value, date };
    expect(await origin(out)).toEqual({ ...before, state: 'imported, evaluated here', evaluation });
    // Of a checkpoint that is imported on the spot: beside the file, and of no other storage.
    const checkpoint = join(home, 'mine.safetensors');
    const table = await runPpad(['evaluate', '--pack', checkpoint, ...sets, '--record']);
    expect(table).toMatchObject({ status: 0 });
    expect(table.out).toContain(`from mine.safetensors, SHA-256 ${before!.sha256}: imported, not validated here`);
    expect((await origin(checkpoint))?.state).toBe('imported, evaluated here');
    expect((await origin(checkpoint, '--storage', 'float32'))?.state).toBe('imported, not validated here');
    // Another pack's evaluation, or a damaged one, is none.
    writeFileSync(join(out, 'evaluation.json'), line.replace(/"sha256":"../, '"sha256":"00'));
    expect(await origin(out)).toEqual(before);
    writeFileSync(join(out, 'evaluation.json'), '{');
    expect(await origin(out)).toEqual(before);
  }, 120_000);

  it.each([
    [['--normal', 'normal'], /Which films are abnormal/],
    [['--abnormal', 'abnormal'], /Which films are normal/],
    [['--normal', 'normal', '--abnormal', 'abnormal', 'more'], /Is more normal or abnormal/],
    [['--normal'], /normal/],
  ])('%j is wrong usage', async (args, says) => {
    const inHome = args.map((arg) => (['normal', 'abnormal'].includes(arg) ? join(home, arg) : arg));
    const { status, out, err } = await evaluate('--json', ...inHome);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(says);
  });
});
