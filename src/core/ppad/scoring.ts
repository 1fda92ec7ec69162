import { POSITION_IDS, type PositionScore, type Rule } from '../result.js';

/** How a pack turns five probabilities into one: PPAD's rule, or the unmasked film's own (zero-shot packs). */
export type ScoringRule = { readonly kind: 'ppad'; readonly maxAbove: number } | { readonly kind: 'whole' };

/** PPAD's rule with its published 0.8. */
export const PPAD_RULE: ScoringRule = { kind: 'ppad', maxAbove: 0.8 };

/** A scale, `[R, E]` image features and `[R, 2, E]` text features, all of length one. */
export interface LogitInput {
  readonly logitScale: number;
  readonly imageFeatures: Float32Array;
  readonly textFeatures: Float32Array;
}

/** `logitScale * image[p] . text[p, class]` for every position p: `[normal, abnormal]` each (ppad.md section 5). */
export function computeLogits({ logitScale, imageFeatures, textFeatures }: LogitInput): readonly (readonly [number, number])[] {
  const positions = POSITION_IDS.length;
  const embed = imageFeatures.length / positions;
  if (!Number.isInteger(embed) || textFeatures.length !== 2 * imageFeatures.length)
    throw new RangeError(`${imageFeatures.length} image and ${textFeatures.length} text features do not fit together.`);
  const dot = (position: number, row: number): number => {
    let sum = 0;
    for (let i = 0; i < embed; i++) sum += (imageFeatures[position * embed + i] ?? 0) * (textFeatures[row * embed + i] ?? 0);
    return logitScale * sum;
  };
  return POSITION_IDS.map((_, p) => [dot(p, 2 * p), dot(p, 2 * p + 1)] as const);
}

/** The second class's share of the softmax of two logits. */
export function probabilityAbnormal([normal, abnormal]: readonly [number, number]): number {
  return 1 / (1 + Math.exp(normal - abnormal));
}

/** Logits with their ids and probabilities, in the method's order. */
export function scorePositions(logits: readonly (readonly [number, number])[]): readonly PositionScore[] {
  if (logits.length !== POSITION_IDS.length)
    throw new RangeError(`${logits.length} pairs of logits for ${POSITION_IDS.length} positions.`);
  return POSITION_IDS.map((id, i) => {
    const pair = logits[i] ?? [NaN, NaN];
    return { id, probability: probabilityAbnormal(pair), logits: pair };
  });
}

/**
 * The image score and the branch that gave it: PPAD takes the largest probability if that exceeds `maxAbove`, else the mean;
 * `whole` takes the whole film's own.
 */
export function scoreImage(probabilities: readonly number[], rule: ScoringRule): { readonly score: number; readonly rule: Rule } {
  if (rule.kind === 'whole') return { score: probabilities[POSITION_IDS.indexOf('whole')] ?? NaN, rule: 'whole' };
  const largest = Math.max(...probabilities);
  if (largest > rule.maxAbove) return { score: largest, rule: 'max' };
  return { score: probabilities.reduce((sum, value) => sum + value, 0) / probabilities.length, rule: 'mean' };
}

/** A score whose logit was divided by `temperature`: below 1 it moves away from 0.5, above 1 towards it, and the order of films stays. */
export function calibrate(score: number, temperature: number): number {
  // The logits of 0 and 1 are infinite, which the division keeps and the last line takes back.
  const logit = Math.log(score) - Math.log1p(-score);
  return 1 / (1 + Math.exp(-logit / temperature));
}
