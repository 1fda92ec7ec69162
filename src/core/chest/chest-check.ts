import type { ChestCheck, ChestReason } from '../result.js';
import { startKernels } from '../simd/kernels.js';
import type { ChestCheckTensors } from './chest-check-file.js';

/** What the network tells apart, in the order of its outputs; what is neither of the first four is `unfamiliar`. */
const OUTPUTS = ['film', 'upside-down', 'sideways', 'inverted', 'unfamiliar'] as const satisfies readonly (
  'film' | ChestReason
)[];

/** Standardised numbers are clipped here: a picture far off must not be infinitely far. */
const CLIP = 8;

/** Judges a summary `[18 W]`, the graph's output of that name. */
type ChestChecker = (summary: Float32Array, threshold: number) => ChestCheck;

/**
 * Whether a picture is an upright frontal chest film, from the backbone's summary of it (docs/formats.md). `value`, 0 to 1, is the
 * larger of two: the network's probability that it is none, and how unlike any film the summary is by what the main directions of
 * films leave over of it. It says nothing of what is on the film.
 */
export function createChestChecker(check: ChestCheckTensors): ChestChecker {
  const project = createProjection(check);
  return (summary, threshold) => {
    const input = project(summary);
    const probabilities = softmax(perceive(check, input));
    const network = 1 - (probabilities[0] ?? NaN);
    const unlike = 1 / (1 + Math.exp((check.unlike[0]! - input[input.length - 1]!) * check.unlike[1]!));
    const value = Math.max(network, unlike);
    // A value that is no number is no film either.
    const flagged = !(value <= threshold);
    return { value, threshold, flagged, reason: flagged ? reasonFor(probabilities, unlike > network) : null };
  };
}

function reasonFor(probabilities: Float32Array, byRemainder: boolean): ChestReason {
  if (byRemainder) return 'unfamiliar';
  const [, ...others] = OUTPUTS;
  return others.reduce((best, reason) => (at(probabilities, reason) > at(probabilities, best) ? reason : best), 'unfamiliar');
}

function at(probabilities: Float32Array, output: (typeof OUTPUTS)[number]): number {
  return probabilities[OUTPUTS.indexOf(output)] ?? NaN;
}

/** Columns that the kernel takes together. */
const COLUMNS = 16;

/**
 * The main directions, whitened, and behind them the logarithm of what they leave over. A fifth of a million products a film: the
 * directions lie in the kernel's memory, their rows padded with zeros.
 */
function createProjection({
  mean,
  rescale,
  basis,
  whiten,
  rest,
  directions,
}: ChestCheckTensors): (summary: Float32Array) => Float32Array {
  const length = mean.length;
  const columns = COLUMNS * Math.ceil(directions / COLUMNS);
  const kernels = startKernels();
  const { buffer } = kernels.bytes(4 * (length * columns + length + columns));
  const matrix = new Float32Array(buffer, 0, length * columns);
  const standardised = new Float32Array(buffer, matrix.byteLength, length);
  const sums = new Float32Array(buffer, matrix.byteLength + standardised.byteLength, columns);
  for (let i = 0; i < length; i++) matrix.set(basis.subarray(i * directions, (i + 1) * directions), i * columns);
  return (summary) => {
    let left = 0;
    for (let i = 0; i < length; i++) {
      const z = Math.min(CLIP, Math.max(-CLIP, (summary[i]! - mean[i]!) * rescale[i]!));
      standardised[i] = z;
      left += z * z;
    }
    kernels.project(standardised.byteOffset, length, matrix.byteOffset, columns, sums.byteOffset);
    const projected = new Float32Array(directions + 1);
    for (let k = 0; k < directions; k++) {
      left -= sums[k]! ** 2;
      projected[k] = sums[k]! * whiten[k]!;
    }
    projected[directions] = Math.log(Math.max(left, 1e-6) / rest);
    return projected;
  };
}

function perceive({ w1, b1, w2, b2 }: ChestCheckTensors, input: Float32Array): Float32Array {
  const hidden = affine(input, w1, b1).map((value) => Math.max(0, value));
  return affine(hidden, w2, b2);
}

/** `x W + b`, W being `[in, out]` row-major. */
function affine(x: Float32Array, weight: Float32Array, bias: Float32Array): Float32Array {
  const out = bias.slice();
  for (let i = 0; i < x.length; i++) for (let k = 0; k < out.length; k++) out[k]! += x[i]! * weight[i * out.length + k]!;
  return out;
}

function softmax(logits: Float32Array): Float32Array {
  const largest = Math.max(...logits);
  const shares = logits.map((value) => Math.exp(value - largest));
  const total = shares.reduce((sum, value) => sum + value, 0);
  return shares.map((value) => value / total);
}
