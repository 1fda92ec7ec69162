import type { PositionId, ScoreResult } from '../result.js';
import type { SharedResult } from './shared-result.js';

/** As far as backends may differ, in probability: what the golden vector allows. */
const AGREEMENT = 0.01;

/** What a recipient's own reading says of a shared result. */
export interface Comparison {
  /** Both saw the same grey pixels at the model's side. */
  readonly sameInput: boolean;
  readonly samePack: boolean;
  /** Whether all numbers lie within 0.01; undefined where another model, or another film, makes the question void. */
  readonly agrees: boolean | undefined;
  /** The largest difference of the six numbers, and where it is. */
  readonly largest: { readonly at: PositionId | 'image'; readonly difference: number };
}

/** Compares the recipient's own result with the one in the link. */
export function compareWithShared(
  own: Pick<ScoreResult, 'positions' | 'score' | 'inputDigest' | 'pack'>,
  shared: SharedResult,
): Comparison {
  const differences: { at: PositionId | 'image'; difference: number }[] = [
    { at: 'image', difference: Math.abs(own.score - shared.score) },
    ...shared.positions.map(({ id, probability }) => {
      const mine = own.positions.find((position) => position.id === id)?.probability ?? NaN;
      return { at: id, difference: Math.abs(mine - probability) };
    }),
  ];
  const largest = differences.reduce((a, b) => (b.difference > a.difference ? b : a));
  const sameInput = own.inputDigest === shared.inputDigest;
  const samePack = own.pack.sha256 === shared.pack.sha256;
  // Written so that a missing number disagrees.
  const within = differences.every(({ difference }) => difference <= AGREEMENT);
  return { sameInput, samePack, agrees: sameInput && samePack ? within : undefined, largest };
}
