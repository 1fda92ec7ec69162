import type { AppError } from '../core/errors.js';
import { measureScoresAt, type Metric, type Metrics } from '../core/stats/bootstrap.js';
import { scoreMany, type ScoreManyOptions } from './score-many.js';

/** A film and what is true of it. */
export interface LabelledFilm {
  readonly file: string;
  readonly abnormal: boolean;
}

/** What depends on where the line between the two is drawn. Undefined where the films do not define it. */
export interface MetricsAt {
  readonly acc: Metric | undefined;
  readonly f1: Metric | undefined;
  readonly sensitivity: Metric | undefined;
  readonly specificity: Metric | undefined;
}

/** How well a pack's scores tell abnormal films from normal ones; every metric with its 95 % bootstrap interval. */
export interface Evaluation {
  /** Films that were scored, of each kind. */
  readonly n: { readonly normal: number; readonly abnormal: number };
  readonly auroc: Metric | undefined;
  /** Average precision. */
  readonly ap: Metric | undefined;
  /** The pack's own. */
  readonly threshold: number;
  readonly atThreshold: MetricsAt;
  readonly atHalf: MetricsAt;
  readonly failed: readonly { readonly file: string; readonly error: AppError }[];
}

export interface EvaluateOptions extends ScoreManyOptions<LabelledFilm> {
  /** The pack's own. */
  readonly threshold: number;
  /** Called after each film. */
  readonly onFilm?: ((film: LabelledFilm) => void) | undefined;
}

/**
 * Scores labelled films and measures the scores. A film that fails is left out of the metrics and listed.
 *
 * @throws AppError `ABORTED`.
 */
export async function evaluate(films: Iterable<LabelledFilm>, options: EvaluateOptions): Promise<Evaluation> {
  const scores: number[] = [];
  const labels: boolean[] = [];
  const failed: { file: string; error: AppError }[] = [];
  for await (const scored of scoreMany(films, options)) {
    if ('error' in scored) failed.push({ file: scored.film.file, error: scored.error });
    else {
      scores.push(scored.result.score);
      labels.push(scored.film.abnormal);
    }
    options.onFilm?.(scored.film);
  }
  const { threshold, signal } = options;
  const [atThreshold, atHalf] = measureScoresAt([threshold, 0.5], scores, labels, { signal }) as [Metrics, Metrics];
  const abnormal = labels.filter(Boolean).length;
  return {
    n: { normal: labels.length - abnormal, abnormal },
    auroc: atThreshold.auroc,
    ap: atThreshold.averagePrecision,
    threshold,
    atThreshold: metricsAt(atThreshold),
    atHalf: metricsAt(atHalf),
    failed,
  };
}

function metricsAt({ accuracy, f1, sensitivity, specificity }: Metrics): MetricsAt {
  return { acc: accuracy, f1, sensitivity, specificity };
}
