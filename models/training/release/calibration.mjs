// How far the score is from a frequency, and the temperature that brings it nearer: from validation films, each source counting alike.
import { SETS } from './sets.mjs';

export const BINS = 10;
const EPSILON = 1e-6;

/** @param {number} p */
const logit = (p) => Math.log((p + EPSILON) / (1 - p + EPSILON));
/** @param {number} score @param {number} temperature as `calibrate` of core/ppad/scoring.ts */
const calibrate = (score, temperature) => 1 / (1 + Math.exp(-logit(score) / temperature));

/** @typedef {{ source: string, abnormal: boolean, score: number }} Film */

/**
 * The temperature with the least log loss: sources count alike, and so do films with and without findings, whose shares here are an
 * accident of what was at hand.
 *
 * @param {Film[]} films
 */
export function fitTemperature(films) {
  const groups = new Map();
  for (const film of films) {
    const key = `${film.source}:${film.abnormal}`;
    groups.set(key, [...(groups.get(key) ?? []), film]);
  }
  const loss = (temperature) =>
    [...groups.values()].reduce((sum, group) => {
      const each = group.map(({ score, abnormal }) => -Math.log(abnormal ? calibrate(score, temperature) : 1 - calibrate(score, temperature)));
      return sum + each.reduce((a, b) => a + b) / each.length;
    }, 0);
  let best = { temperature: 1, loss: Infinity };
  // A fiftieth is finer than the films can tell.
  for (let step = Math.log(0.1); step <= Math.log(20); step += 0.02) {
    const temperature = Math.exp(step);
    const value = loss(temperature);
    if (value < best.loss) best = { temperature, loss: value };
  }
  return Number(best.temperature.toFixed(2));
}

/** @param {Film[]} films @param {(film: Film) => number} scoreOf */
function curve(films, scoreOf) {
  return Array.from({ length: BINS }, (_, bin) => {
    const inside = films.filter((film) => Math.min(BINS - 1, Math.floor(scoreOf(film) * BINS)) === bin);
    const n = inside.length;
    const mean = n === 0 ? (bin + 0.5) / BINS : inside.reduce((sum, film) => sum + scoreOf(film), 0) / n;
    return { n, mean, abnormal: n === 0 ? 0 : inside.filter(({ abnormal }) => abnormal).length / n };
  });
}

/** Expected calibration error (Naeini et al. 2015): the bins' distance from the diagonal, by their films. */
const error = (bins) => {
  const total = bins.reduce((sum, { n }) => sum + n, 0);
  return bins.reduce((sum, { n, mean, abnormal }) => sum + (n / total) * Math.abs(mean - abnormal), 0);
};

/** @param {Film[]} films what the manifest says of calibration */
export function measureCalibration(films) {
  const temperature = fitTemperature(films);
  const round = (value) => Number(value.toFixed(4));
  const reliability = Object.entries(SETS).map(([source, set]) => {
    const chosen = films.filter((film) => film.source === source);
    const after = curve(chosen, ({ score }) => calibrate(score, temperature));
    return {
      set,
      n: chosen.length,
      ece: { score: round(error(curve(chosen, ({ score }) => score))), calibrated: round(error(after)) },
      bins: after.map(({ n, mean, abnormal }) => ({ n, mean: round(mean), abnormal: round(abnormal) })),
    };
  });
  const how =
    'least log loss on validation films, sources and labels counting alike; divides the logit of the image score after the rule. The threshold was chosen on the score itself.';
  return { temperature, how, reliability };
}

/** @param {ReturnType<typeof measureCalibration>} calibration */
export function calibrationTable({ reliability }) {
  const cell = ({ n, mean, abnormal }) => (n === 0 ? '–' : `${mean.toFixed(2)} → ${abnormal.toFixed(2)} (${n})`);
  return [
    '| films | ECE of the score | ECE of the calibrated score | calibrated → share with findings (films), by tenths |',
    '| --- | --- | --- | --- |',
    ...reliability.map(
      ({ set, ece, bins }) => `| ${set} | ${ece.score.toFixed(3)} | ${ece.calibrated.toFixed(3)} | ${bins.map(cell).join('; ')} |`,
    ),
  ].join('\n');
}
