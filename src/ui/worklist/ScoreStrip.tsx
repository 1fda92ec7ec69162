import type { ScoreResult } from '../../core/result.js';
import { rampColour } from '../shared/index.js';

/** The five scores as five bars, in the method's order, with the threshold across them. */
export function ScoreStrip({ result }: { readonly result: ScoreResult }) {
  return (
    <span className="strip" style={{ '--threshold': `${100 * result.threshold}%` }} aria-hidden>
      {result.positions.map(({ id, probability }) => (
        <i key={id} style={{ '--score': `${100 * probability}%`, '--colour': rampColour(probability) }} />
      ))}
    </span>
  );
}
