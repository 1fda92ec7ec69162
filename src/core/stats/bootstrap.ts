import { throwIfAborted } from '../errors.js';
import { computeMetrics, METRIC_NAMES, type MetricValues } from './metrics.js';
import { createRandom, type Random } from './random.js';
import { rankFilms, type RankedFilms } from './ranked-films.js';

/** A metric with its 95 % interval; all three are fractions, 0 to 1. */
export interface Metric {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A metric is undefined where the films do not define it: without an abnormal film there is no sensitivity. */
export type Metrics = { readonly [Name in keyof MetricValues]: Metric | undefined };

export interface BootstrapOptions {
  readonly resamples?: number;
  readonly seed?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface MetricsOptions extends BootstrapOptions {
  /** A film whose score exceeds it is called abnormal. */
  readonly threshold: number;
}

/** What is used unless told, and what a report has to state beside its intervals. */
export const BOOTSTRAP = { resamples: 2_000, seed: 20_240_515, level: 0.95 } as const;

/** `measureScoresAt` for one threshold. */
export function measureScores(
  scores: readonly number[],
  abnormal: readonly boolean[],
  { threshold, ...options }: MetricsOptions,
): Metrics {
  return measureScoresAt([threshold], scores, abnormal, options)[0]!;
}

/**
 * How well scores tell abnormal films from normal ones. Intervals are bootstrap percentiles (2.5 and 97.5, interpolated linearly
 * as NumPy does): films are drawn with replacement, abnormal among abnormal and normal among normal, so that each resample
 * has as many of each as there are. The same films, seed and number of resamples give the same intervals, whatever the films'
 * order and the thresholds.
 *
 * @param thresholds a film whose score exceeds it is called abnormal; each gives a set of metrics, from the same resamples
 * @param scores one a film, higher for more abnormal
 * @param abnormal what is true of each film
 * @throws AppError `USAGE` for scores and labels that do not belong together, `ABORTED`.
 */
export function measureScoresAt(
  thresholds: readonly number[],
  scores: readonly number[],
  abnormal: readonly boolean[],
  options: BootstrapOptions = {},
): Metrics[] {
  const { resamples = BOOTSTRAP.resamples, seed = BOOTSTRAP.seed, signal } = options;
  const films = rankFilms(scores, abnormal);
  const once = new Uint32Array(scores.length).fill(1);
  const random = createRandom(seed);
  const weights = new Uint32Array(scores.length);
  const tables = thresholds.map((threshold) => ({
    threshold,
    values: computeMetrics(films, once, threshold),
    drawn: new Map(METRIC_NAMES.map((name) => [name, new Float64Array(resamples)])),
  }));
  for (let sample = 0; sample < resamples; sample++) {
    if (sample % 64 === 0) throwIfAborted(signal);
    drawWeights(films, random, weights);
    for (const { threshold, drawn } of tables) {
      const resampled = computeMetrics(films, weights, threshold);
      for (const name of METRIC_NAMES) drawn.get(name)![sample] = resampled[name];
    }
  }
  return tables.map(({ values, drawn }) => {
    const metric = (name: keyof MetricValues): Metric | undefined => withInterval(values[name], drawn.get(name)!);
    return {
      auroc: metric('auroc'),
      averagePrecision: metric('averagePrecision'),
      accuracy: metric('accuracy'),
      f1: metric('f1'),
      sensitivity: metric('sensitivity'),
      specificity: metric('specificity'),
    };
  });
}

function withInterval(value: number, drawn: Float64Array): Metric | undefined {
  if (Number.isNaN(value)) return undefined;
  const sorted = drawn.sort();
  const tail = (1 - BOOTSTRAP.level) / 2;
  return { value, low: quantile(sorted, tail, value), high: quantile(sorted, 1 - tail, value) };
}

/** How often each film is drawn: as many draws from each class as it has films, the abnormal ones first. */
function drawWeights(films: RankedFilms, random: Random, weights: Uint32Array): void {
  weights.fill(0);
  for (const ranks of [films.classes.abnormal, films.classes.normal])
    for (let i = 0; i < ranks.length; i++) weights[ranks[random.below(ranks.length)]!]!++;
}

/** Linear between the two nearest of the sorted values; `empty` if there are none. */
function quantile(sorted: Float64Array, fraction: number, empty: number): number {
  if (sorted.length === 0) return empty;
  const at = fraction * (sorted.length - 1);
  const below = sorted[Math.floor(at)]!;
  const above = sorted[Math.ceil(at)]!;
  return below + (above - below) * (at - Math.floor(at));
}
