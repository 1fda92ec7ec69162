// AUROC and its interval by the app's own code (core/stats), for groups of films that are no folder.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { ROOT } from './command-line.mjs';

const bundle = await rolldown({ input: join(ROOT, 'src/core/stats/bootstrap.ts'), platform: 'node' });
const file = join(ROOT, '.work/statistics.mjs');
await bundle.write({ file, format: 'esm' });
await bundle.close();
/** @type {typeof import('../../../src/core/stats/bootstrap.js')} */
const { measureScores } = await import(pathToFileURL(file).href);

/**
 * @param {readonly number[]} normal scores @param {readonly number[]} abnormal scores @param {number} [threshold]
 * @returns {import('../../../src/core/stats/bootstrap.js').Metrics}
 */
export function measure(normal, abnormal, threshold = 0.5) {
  const labels = [...normal.map(() => false), ...abnormal.map(() => true)];
  return measureScores([...normal, ...abnormal], labels, { threshold });
}

/** @param {readonly number[]} values */
export const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

/** @param {readonly number[]} values */
export function deviation(values) {
  const m = mean(values);
  return Math.sqrt(values.reduce((sum, v) => sum + (v - m) ** 2, 0) / Math.max(1, values.length - 1));
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Wilson's 95 % interval of a share (Wilson 1927).
 *
 * @param {number} right @param {number} n
 */
export function share(right, n) {
  const z = 1.959964;
  const p = right / n;
  const centre = p + (z * z) / (2 * n);
  const half = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return { right, n, value: p, low: (centre - half) / (1 + (z * z) / n), high: (centre + half) / (1 + (z * z) / n) };
}
