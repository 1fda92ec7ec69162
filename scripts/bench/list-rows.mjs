import { median, ms } from './numbers.mjs';

/** @typedef {import('./numbers.mjs').Row} Row */
/** @typedef {import('./worklist.mjs').ListRun} ListRun */

/** Two frames of a 60 Hz screen: what takes longer is seen as a jerk. */
const JERK_MS = 34;
const MEGABYTE = 1e6;

/**
 * What the list showed, as rows of a table.
 *
 * @param {ListRun} small @param {ListRun} large @param {string} what the small films are @returns {Row[]}
 */
export function listRows(small, large, what) {
  return [...rateRows(small, what), ...memoryRows(small), ...smoothRows(small), largeRow(large)];
}

/** @param {ListRun} run @param {string} what @returns {Row[]} */
function rateRows(run, what) {
  const share = median(run.still) / median(run.alone);
  return [
    {
      what: `list of ${run.films} ${what}: rate over that of inference alone, in turns`,
      measured: `${share.toFixed(2)} (${perSecond(run.still)} / ${perSecond(run.alone)}, medians of ${run.still.length} and ${run.alone.length} turns)`,
      wanted: '≥ 0.90',
      holds: share >= 0.9,
    },
    {
      what: 'inference alone in sessions of one thread side by side, over that in one session of all threads',
      measured: `${(median(run.lanes) / median(run.alone)).toFixed(2)} (${perSecond(run.lanes)})`,
    },
    {
      what: 'rate of the list while it is scrolled without pause, over that of inference alone',
      measured: `${(median(run.scrolled) / median(run.alone)).toFixed(2)} (${perSecond(run.scrolled)})`,
    },
    {
      what: 'longest time between two steps of the count',
      measured: ms(run.longestSilence),
      wanted: '≤ 1000 ms',
      holds: run.longestSilence <= 1000,
    },
  ];
}

/** @param {ListRun} run @returns {Row[]} */
function memoryRows({ memory, films }) {
  const [first, last] = [memory[0], memory.at(-1)];
  if (!first || !last || first === last) return [];
  const each = (last.bytes - first.bytes) / (last.scored - first.scored);
  const told = memory.map(({ scored, bytes }) => `${scored}: ${(bytes / MEGABYTE).toFixed(0)}`).join(', ');
  return [
    {
      what: `memory of page and workers in MB after so many of ${films} films`,
      measured: `${told}; ${(each / 1000).toFixed(1)} KB a film`,
      wanted: '≤ 10 KB a film',
      holds: each <= 10_000,
    },
  ];
}

/** @param {ListRun} run @returns {Row[]} */
function smoothRows({ frames, idleFrames, longTasks }) {
  const longest = Math.max(0, ...longTasks);
  const jerks = frames.filter((frame) => frame > JERK_MS).length / Math.max(1, frames.length);
  return [
    {
      what: 'frame to frame while the list is scrolled and films are scored',
      measured: `${frameWords(frames)}; when all is scored ${frameWords(idleFrames)}`,
      wanted: '≤ 5 % over 34 ms',
      holds: jerks <= 0.05,
    },
    {
      what: 'main-thread tasks over 50 ms, from the first film to the last',
      measured: longest === 0 ? 'none' : `${longTasks.length}, the longest ${ms(longest)}`,
      wanted: 'none over 100 ms',
      holds: longest <= 100,
    },
  ];
}

/** @param {ListRun} run @returns {Row} */
function largeRow(run) {
  const share = median(run.still) / median(run.alone);
  return {
    what: `list of ${run.films} of these films as JPEGs of 2.1 megapixels`,
    measured: `${share.toFixed(2)} of inference alone (${perSecond(run.still)} / ${perSecond(run.alone)})`,
  };
}

/** @param {readonly number[]} frames */
function frameWords(frames) {
  const sorted = [...frames].sort((a, b) => a - b);
  const jerks = frames.filter((frame) => frame > JERK_MS).length;
  const at = (/** @type {number} */ share) => sorted[Math.floor(share * (sorted.length - 1))] ?? NaN;
  return `median ${at(0.5).toFixed(1)} ms, 95 % ${at(0.95).toFixed(1)} ms, ${((100 * jerks) / Math.max(1, frames.length)).toFixed(1)} % of ${frames.length} over 34 ms`;
}

/** @param {readonly number[]} rates */
const perSecond = (rates) => `${median(rates).toFixed(1)} a second`;
