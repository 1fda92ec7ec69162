/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/**
 * One line of the table.
 *
 * @typedef {{ what: string, measured: string, wanted?: string, holds?: boolean }} Row
 */

/** @param {readonly Row[]} rows @returns {string} Markdown */
export function markdown(rows) {
  const lines = rows.map(({ what, measured, wanted, holds }) => {
    const verdict = holds === undefined ? '' : holds ? 'yes' : '**no**';
    return `| ${what} | ${measured} | ${wanted ?? ''} | ${verdict} |`;
  });
  return ['| what | measured | wanted | holds |', '| --- | --- | --- | --- |', ...lines].join('\n');
}

export const ms = (/** @type {number} */ value) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;

/**
 * A ratio against its limit.
 *
 * @param {string} what @param {number} ours @param {number} bare @param {number} limit
 * @returns {Row}
 */
export function ratioRow(what, ours, bare, limit) {
  const ratio = ours / bare;
  return { what, measured: `${ratio.toFixed(2)} (${ms(ours)} / ${ms(bare)})`, wanted: `≤ ${limit}`, holds: ratio <= limit };
}
