import type { ShapeReader } from './shape-reader.js';

/** One convolution between pixels and tokens. */
export interface StemLayer {
  /** Names of the tensors. */
  readonly weight: string;
  readonly bias: string | undefined;
  readonly input: number;
  readonly output: number;
  readonly kernel: number;
  readonly stride: number;
  /** Pixels of zeros before (left, above) and after (right, below). */
  readonly padding: readonly [number, number];
  /** Each channel by itself: the weight is `[output, 1, kernel, kernel]`. */
  readonly depthwise: boolean;
  readonly activation: 'none' | 'relu' | 'relu6';
  /** The layer whose input is added to this one's output. */
  readonly adds: number | undefined;
}

const MAX_LAYERS = 64;
const MAX_KERNEL = 15;

/**
 * Our convolutional stem, read off the shapes of `visual.stem.{i}.weight` `[out, in, k, k]` and `.bias` `[out]`: a layer that
 * changes the number of channels halves the side, one that keeps it is residual; all but the last end in a ReLU.
 *
 * @throws AppError `CHECKPOINT_MISSING_KEY`, `CHECKPOINT_INVALID`.
 */
export function readStem(reader: ShapeReader): readonly StemLayer[] {
  const count = reader.count('visual.stem.');
  if (count > MAX_LAYERS) reader.invalid('visual.stem.0.weight', `belongs to a stem of ${count} layers, more than ${MAX_LAYERS}`);
  const layers: StemLayer[] = [];
  for (let i = 0; i < count; i++) {
    const weight = `visual.stem.${i}.weight`;
    const bias = `visual.stem.${i}.bias`;
    const [output = 0, input = 0, kernel = 0] = reader.dims(weight, [-1, layers.at(-1)?.output ?? -1, -1, -1]);
    reader.dims(weight, [output, input, kernel, kernel]);
    reader.dims(bias, [output]);
    const residual = output === input;
    if (kernel > MAX_KERNEL || (kernel % 2 === 0 && (kernel !== 2 || residual)))
      reader.invalid(weight, `has a kernel of ${kernel}, which a ${residual ? 'residual' : 'halving'} layer cannot have`);
    const around = kernel === 2 ? 0 : (kernel - 1) / 2;
    const shape = { input, output, kernel, stride: residual ? 1 : 2, padding: [around, around] as const, depthwise: false };
    layers.push({ weight, bias, ...shape, activation: i < count - 1 ? 'relu' : 'none', adds: residual ? i : undefined });
  }
  return layers;
}
