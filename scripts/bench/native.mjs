import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { run } from '../steps/run.mjs';
import { median, ms, ratioRow } from './numbers.mjs';

/** @typedef {import('./numbers.mjs').Row} Row @typedef {import('./material.mjs').Pack} Pack */

const PPAD = fileURLToPath(new URL('../ppad.mjs', import.meta.url));
const BARE = fileURLToPath(new URL('./bare-native.mjs', import.meta.url));
const BARE_LANES = fileURLToPath(new URL('./bare-lanes.mjs', import.meta.url));
/** Inferences alone of a round of `benchEvaluate`. */
const BARE_RUNS = 200;
/** Rounds of `benchEvaluate`. */
const ROUNDS = 3;
/** The command line's inferences to measure, and how long that may take; three rounds are the least. */
const INFERENCES = 200;
const PATIENCE_MS = 120_000;

/**
 * The command line's inference against onnxruntime-node alone, with the same graph and threads.
 *
 * @param {Pack} pack @param {string} films a folder
 * @returns {Promise<{ rows: Row[], bare: number }>} `bare`: ms of one inference of five positions
 */
export async function benchNative(pack, films) {
  const threads = String(availableParallelism());
  const runs = String(readdirSync(films).length);
  /** @type {number[]} */
  const ours = [];
  /** @type {Record<'batch' | 'between' | 'singles', number[]>} */
  const bare = { batch: [], between: [], singles: [] };
  const begun = performance.now();
  // Both programs take turns, so that a busy machine slows both.
  for (let round = 0; round < 3 || (ours.length < INFERENCES && performance.now() - begun < PATIENCE_MS); round += 1) {
    ours.push(...(await scoreTimes(['--pack', pack.folder, '--threads', threads], films)));
    /** @type {typeof bare} */
    const times = JSON.parse(await outputOf(BARE, [pack.folder, threads, runs, films]));
    bare.batch.push(...times.batch);
    bare.between.push(...times.between);
    bare.singles.push(...times.singles);
  }
  const alone = median(bare.batch);
  const singles = median(bare.singles);
  return {
    bare: alone,
    rows: [
      ratioRow(
        `${pack.name}: CLI inference / onnxruntime-node alone, ${threads} threads (${ours.length} and ${bare.batch.length} runs)`,
        median(ours),
        alone,
        1.05,
      ),
      {
        what: `${pack.name}: the same, a film decoded before each run of either`,
        measured: `${(median(ours) / median(bare.between)).toFixed(2)} (${ms(median(ours))} / ${ms(median(bare.between))})`,
      },
      {
        what: `${pack.name}: five batches of one, as the reference does (its text tower left out)`,
        measured: `${(singles / alone).toFixed(2)} x (${ms(singles)})`,
      },
    ],
  };
}

/** Inference times of a run of `score`, without its first two films. @param {string[]} options @param {string} films */
async function scoreTimes(options, films) {
  const text = await outputOf(PPAD, ['score', '--json', ...options, films]);
  const lines = text.trim().split('\n');
  /** @type {{ ms?: { inference: number }, error?: { message: string } }[]} */
  const results = lines.map((line) => JSON.parse(line));
  return results.slice(2).map(({ ms: times, error }) => {
    if (!times) throw new Error(`ppad score failed: ${error?.message}`);
    return times.inference;
  });
}

/** @param {string} script @param {string[]} args */
async function outputOf(script, args) {
  const { status, output } = await run(process.execPath, [script, ...args], { quiet: true, stderr: 'ignore' });
  if (status !== 0) throw new Error(`${script} ${args.join(' ')} ended with ${status}:\n${output.slice(-2000)}`);
  return output;
}

/**
 * Films a second of `evaluate`, start included, against inference alone in either shape: one session of all threads, and as many
 * sessions of one thread side by side. The faster of the two is the measure.
 *
 * @param {Pack} pack @param {string} what @param {{ normal: string, abnormal: string }} folders
 * @param {number | undefined} least share of inference alone
 * @returns {Promise<Row>}
 */
export async function benchEvaluate(pack, what, folders, least) {
  const count = readdirSync(folders.normal).length + readdirSync(folders.abnormal).length;
  const threads = availableParallelism();
  const shapes =
    threads > 1
      ? [
          [1, threads],
          [threads, 1],
        ]
      : [[1, 1]];
  /** @type {number[]} */
  const ours = [];
  /** @type {number[][]} */
  const alone = shapes.map(() => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [i, [lanes, each]] of shapes.entries())
      alone[i]?.push(Number(await outputOf(BARE_LANES, [pack.folder, String(lanes), String(each), String(BARE_RUNS)])));
    const begun = performance.now();
    await outputOf(PPAD, [
      'evaluate',
      '--normal',
      folders.normal,
      '--abnormal',
      folders.abnormal,
      '--pack',
      pack.folder,
      '--json',
    ]);
    ours.push((performance.now() - begun) / count);
  }
  const medians = alone.map(median);
  const share = Math.min(...medians) / median(ours);
  const shapesText = shapes.map(([lanes, each], i) => `${lanes} x ${each} threads ${(1000 / (medians[i] ?? NaN)).toFixed(1)}`);
  const row = {
    what: `${pack.name}: evaluate on ${count} ${what}, start included`,
    measured: `${(1000 / median(ours)).toFixed(1)} films/s, ${share.toFixed(2)} of inference alone (${shapesText.join(', ')})`,
  };
  return least === undefined ? row : { ...row, wanted: `≥ ${least}`, holds: share >= least };
}
