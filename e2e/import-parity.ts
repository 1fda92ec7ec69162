import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { ROOT } from '../scripts/paths.mjs';
import type { ScoreResult } from '../src/core/result.js';
import { expect, test } from './fixtures.js';
import { ModelsPage, NO_REFERENCE, referenceFile } from './models-page.js';
import { overhear, type Reader } from './reader.js';

type Pair = readonly [number, number];

interface Recorded {
  readonly images: Readonly<Record<string, { readonly logits: readonly Pair[]; readonly score: number }>>;
  readonly classes_override: {
    readonly classes: readonly [string, string];
    readonly image: string;
    readonly logits: readonly Pair[];
  };
  readonly zero_shot: { readonly logits: Readonly<Record<string, Pair>> };
}

const FILMS = join(ROOT, '../shared/reference/images');

/** The golden checkpoints, as a reader would give them: a CLIP and its prompts are dropped together. */
export const CHECKPOINTS = [
  { folder: 'patch32', files: ['ppad.pt'] },
  { folder: 'patch16-half', files: ['clip.pt', 'prompts.pt'] },
  { folder: 'patch14-mixed', files: ['ppad.pt'] },
] as const;
type Checkpoint = (typeof CHECKPOINTS)[number];

/** `classes`: the recorded other class words; `zero-shot`: the CLIP without PPAD's prompts. Both with float32 weights. */
export const VARIANTS = ['float32', 'float16', 'classes', 'zero-shot'] as const;
export type Variant = (typeof VARIANTS)[number];

/** What a film must give. */
interface Wanted {
  readonly film: string;
  /** Of the positions in order; of a zero-shot model the whole film's alone. */
  readonly logits: readonly Pair[];
  readonly score: number;
  readonly rule: ScoreResult['rule'];
}

/** The largest differences of the page's, or the command line's, numbers from the recorded ones. */
interface Parity {
  readonly films: number;
  readonly logit: number;
  /** Of the recorded logit's size, over those of at least 1: near zero it says nothing. */
  readonly relative: number;
  readonly probability: number;
}

/** Imports a golden checkpoint in the page and compares the page's scores of the golden films with the reference's. */
export function compareInPage(checkpoint: Checkpoint, variant: Variant, backend: 'wasm' | 'webgpu', films = Infinity): void {
  const { folder, files } = checkpoint;
  test(`${folder}, ${variant}, scores on ${backend} as the reference implementation does`, async ({ page, reader }) => {
    test.setTimeout(600_000);
    const paths = files.map((file) => referenceFile(`${folder}/${file}`));
    test.skip(paths.includes(undefined), NO_REFERENCE);
    const wanted = readWanted(folder, variant).slice(0, films);
    const heard = await overhear(page);
    await reader.open(`?backend=${backend}`);
    await importInPage(page, folder, variant, paths.slice(0, variant === 'zero-shot' ? 1 : 2) as string[]);
    await readAll(reader, wanted);
    const results = await heard();
    // A machine of one processor has WebAssembly with one thread.
    const used = backend === 'wasm' && results[0]?.backend === 'wasm-single' ? 'wasm-single' : backend;
    for (const result of results) expect(result.backend).toBe(used);
    tell(folder, variant, used, compare(results, wanted, variant));
  });
}

/** The same from the command line, on onnxruntime-node, for the table. */
export function compareInNode({ folder, files }: Checkpoint, variant: Variant): void {
  test(`${folder}, ${variant}, scores natively as the reference implementation does`, () => {
    const [main, prompts] = files.map((file) => referenceFile(`${folder}/${file}`));
    test.skip(main === undefined, NO_REFERENCE);
    const wanted = readWanted(folder, variant);
    const classes = variant === 'classes' ? ['--classes', otherClasses(folder).join(',')] : [];
    const source =
      variant === 'zero-shot' ? ['--pack', main!, '--zero-shot'] : ['--pack', main!, ...(prompts ? ['--prompts', prompts] : [])];
    const storage = ['--storage', variant === 'float16' ? 'float16' : 'float32'];
    const paths = wanted.map(({ film }) => join(FILMS, film));
    const out = execFileSync(
      process.execPath,
      [join(ROOT, 'scripts/ppad.mjs'), 'score', '--json', ...source, ...storage, ...classes, ...paths],
      { encoding: 'utf8', env: { ...process.env, PPAD_RUNTIME: 'native' } },
    );
    const results = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as ScoreResult);
    tell(folder, variant, 'native', compare(results, wanted, variant));
  });
}

const recorded = (folder: string): Recorded =>
  JSON.parse(readFileSync(referenceFile(`${folder}/expected.json`)!, 'utf8')) as Recorded;
const otherClasses = (folder: string): readonly [string, string] => recorded(folder).classes_override.classes;
const probability = ([normal, abnormal]: Pair): number => 1 / (1 + Math.exp(normal - abnormal));

function readWanted(folder: string, variant: Variant): Wanted[] {
  const { images, classes_override: other, zero_shot: zeroShot } = recorded(folder);
  if (variant === 'zero-shot')
    return Object.entries(zeroShot.logits).map(([film, pair]) => ({
      film,
      logits: [pair],
      score: probability(pair),
      rule: 'whole',
    }));
  if (variant === 'classes') return [{ film: other.image, logits: other.logits, ...byRule(other.logits) }];
  return Object.entries(images).map(([film, { logits, score }]) => ({ film, logits, ...byRule(logits), score }));
}

/** PPAD's rule (ppad.md section 5), written down a second time on purpose. */
function byRule(logits: readonly Pair[]): Pick<Wanted, 'score' | 'rule'> {
  const all = logits.map(probability);
  const largest = Math.max(...all);
  return largest > 0.8 ? { score: largest, rule: 'max' } : { score: all.reduce((a, b) => a + b) / 5, rule: 'mean' };
}

async function importInPage(page: Page, folder: string, variant: Variant, paths: readonly string[]): Promise<void> {
  const models = new ModelsPage(page);
  await models.open();
  await models.give(...paths);
  await models.step('review');
  const leaveAside = models.incoming.getByLabel(/^Leave PPAD’s prompts aside/);
  if (variant === 'zero-shot' && (await leaveAside.count()) > 0) await leaveAside.check();
  if (variant !== 'float16') await models.incoming.getByText('float32 (').click();
  if (variant === 'classes') {
    const [normal, abnormal] = otherClasses(folder);
    await models.incoming.getByLabel('Without deviation').fill(normal);
    await models.incoming.getByLabel('With deviation').fill(abnormal);
  }
  await models.incoming.locator('button[type="submit"]').click();
  await models.step('done');
  await models.close();
}

async function readAll(reader: Reader, wanted: readonly Wanted[]): Promise<void> {
  for (const { film } of wanted) {
    await reader.give(join(FILMS, film));
    await reader.read(film);
  }
}

/** Logits within 2e-3 or 5e-3, probabilities within 0.005; with half weights probabilities within 0.02. */
function compare(results: readonly ScoreResult[], wanted: readonly Wanted[], variant: Variant): Parity {
  expect(results).toHaveLength(wanted.length);
  const half = variant === 'float16';
  let logit = 0;
  let relative = 0;
  let chance = 0;
  for (const [i, { film, logits, score, rule }] of wanted.entries()) {
    const result = results[i]!;
    const positions = variant === 'zero-shot' ? result.positions.slice(-1) : result.positions;
    expect(result.rule, film).toBe(rule);
    const pairs = logits.map((pair, at) => [pair, positions[at]!] as const);
    for (const [pair, position] of pairs) {
      for (const side of [0, 1] as const) {
        const off = Math.abs(position.logits[side] - pair[side]);
        logit = Math.max(logit, off);
        if (Math.abs(pair[side]) >= 1) relative = Math.max(relative, off / Math.abs(pair[side]));
        if (!half)
          expect
            .soft(off, `${film}, logit ${position.id}.${side}`)
            .toBeLessThanOrEqual(Math.max(5e-3, 2e-3 * Math.abs(pair[side])));
      }
      chance = Math.max(chance, Math.abs(position.probability - probability(pair)));
    }
    chance = Math.max(chance, Math.abs(result.score - score));
  }
  expect(chance).toBeLessThanOrEqual(half ? 0.02 : 0.005);
  return { films: wanted.length, logit, relative, probability: chance };
}

/** A row of the parity table. */
function tell(folder: string, variant: Variant, backend: string, { films, logit, relative, probability }: Parity): void {
  const row = `parity | ${folder} | ${variant} | ${backend} | ${films} films | logits within ${logit.toExponential(1)}, relative ${relative.toExponential(1)} | probabilities within ${probability.toExponential(1)}`;
  test.info().annotations.push({ type: 'parity', description: row });
  process.stdout.write(`${row}\n`);
}
