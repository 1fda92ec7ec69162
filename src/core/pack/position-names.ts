import type { Sides } from '../result.js';
import type { Manifest } from './manifest.js';

/** What people read at the five positions, in English and in patient terms, as the reader has the sides; in the method's order. */
export function positionNames({ positions }: Pick<Manifest, 'positions'>, sides: Sides): readonly string[] {
  return positions.map(({ name, flippedName }) => (sides === 'flipped' ? (flippedName?.en ?? name.en) : name.en));
}
