import type { RankedFilms } from './ranked-films.js';

/** How often each film counts, by rank. */
export type Weights = Uint32Array;

/** Fractions, 0 to 1. A metric that the films do not define (no abnormal film, say) is NaN. */
export interface MetricValues {
  /** Area under the ROC curve: the chance that an abnormal film scores above a normal one, equal scores counting half. */
  readonly auroc: number;
  /** Average precision, the sum of `(R_n - R_n-1) P_n` over the distinct scores (as scikit-learn has it; not interpolated). */
  readonly averagePrecision: number;
  readonly accuracy: number;
  /** `2 TP / (2 TP + FP + FN)`, 0 where no film is called abnormal (scikit-learn's default). */
  readonly f1: number;
  readonly sensitivity: number;
  readonly specificity: number;
}

export const METRIC_NAMES = ['auroc', 'averagePrecision', 'accuracy', 'f1', 'sensitivity', 'specificity'] as const;

/** All metrics in one pass from the highest score down. A film is called abnormal where its score exceeds the threshold. */
export function computeMetrics(films: RankedFilms, weights: Weights, threshold: number): MetricValues {
  const { scores, abnormal, groupEnd } = films;
  // Abnormal and normal films with scores as high as this one or higher; the same before this group of equal scores.
  let hits = 0;
  let alarms = 0;
  let hitsBefore = 0;
  let alarmsBefore = 0;
  let pairs = 0;
  let precision = 0;
  let truePositives = 0;
  let falsePositives = 0;
  for (let rank = 0; rank < scores.length; rank++) {
    if (abnormal[rank]) hits += weights[rank]!;
    else alarms += weights[rank]!;
    if (!groupEnd[rank]) continue;
    const groupHits = hits - hitsBefore;
    pairs += (alarms - alarmsBefore) * (hitsBefore + groupHits / 2);
    if (groupHits > 0) precision += groupHits * (hits / (hits + alarms));
    hitsBefore = hits;
    alarmsBefore = alarms;
    if (scores[rank]! > threshold) {
      truePositives = hits;
      falsePositives = alarms;
    }
  }
  const called = truePositives + falsePositives;
  return {
    auroc: pairs / (hits * alarms),
    averagePrecision: precision / hits,
    accuracy: (truePositives + alarms - falsePositives) / (hits + alarms),
    f1: hits > 0 ? (2 * truePositives) / (called + hits) : NaN,
    sensitivity: truePositives / hits,
    specificity: (alarms - falsePositives) / alarms,
  };
}
