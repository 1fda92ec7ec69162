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
  /** @type {Record<'batch' | 'between' | 'idle' | 'singles', number[]>} */
  const bare = { batch: [], between: [], idle: [], singles: [] };
  const begun = performance.now();
  // Both programs take turns, so that a busy machine slows both.
  for (let round = 0; round < 3 || (ours.length < INFERENCES && performance.now() - begun < PATIENCE_MS); round += 1) {
    ours.push(...(await scoreTimes(['--pack', pack.folder, '--threads', threads], films)));
    /** @type {typeof bare} */
    const times = JSON.parse(await outputOf(BARE, [pack.folder, threads, runs, films]));
    bare.batch.push(...times.batch);
    bare.between.push(...times.between);
    bare.idle.push(...times.idle);
    bare.singles.push(...times.singles);
  }
  const alone = median(bare.batch);
  const singles = median(bare.singles);
  return {
    bare: alone,
    rows: [
      ratioRow(
        `${pack.name}: CLI inference / onnxruntime-node alone, ${threads} threads, a film decoded before each run of either (${ours.length} and ${bare.between.length} runs)`,
        median(ours),
        median(bare.between),
        1.05,
      ),
      {
        what: `${pack.name}: the same CLI inference / onnxruntime-node alone, run after run`,
        measured: `${(median(ours) / alone).toFixed(2)} (${ms(median(ours))} / ${ms(alone)})`,
      },
      {
        what: `${pack.name}: onnxruntime-node alone, idle as long as a film is decoded before each run / run after run`,
        measured: `${(median(bare.idle) / alone).toFixed(2)} (${ms(median(bare.idle))} / ${ms(alone)})`,
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
 * Films a second of `evaluate`, start included, against inference alone with the same threads: one session of them all, which the
 * other ratios are of too, and beside it as many sessions of one thread side by side, which is faster.
 *
 * @param {Pack} pack @param {string} what @param {{ normal: string, abnormal: string }} folders
 * @param {number | undefined} least share of inference alone
 * @returns {Promise<Row[]>}
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
  const film = median(ours);
  return shapes.map(([lanes, threadsEach], i) => {
    const bare = median(alone[i] ?? []);
    const share = bare / film;
    const row = {
      what: `${pack.name}: evaluate on ${count} ${what}, start included / onnxruntime-node alone, ${lanes} x ${threadsEach} threads`,
      measured: `${share.toFixed(2)} (${(1000 / film).toFixed(1)} / ${(1000 / bare).toFixed(1)} films/s)`,
    };
    return least === undefined || i > 0 ? row : { ...row, wanted: `≥ ${least}`, holds: share >= least };
  });
}
