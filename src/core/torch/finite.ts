import { damaged } from './fault.js';

/**
 * The values themselves.
 *
 * @throws AppError `CHECKPOINT_INVALID` naming the first that is infinite or no number.
 */
export function checkFinite(key: string, values: Float32Array): Float32Array {
  // A plain loop: a callback a value would take seconds for 150 M of them. Their difference from themselves is NaN, which sticks to a sum.
  let poison = 0;
  for (let i = 0; i < values.length; i++) poison += values[i]! - values[i]!;
  if (poison === 0) return values;
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  throw damaged(`Tensor ${key} has the value ${values[wrong]} at element ${wrong}.`, { key, element: wrong });
}
