import type { ShapeReader } from './shape-reader.js';
import type { StemLayer } from './stem.js';

const MAX_BLOCKS = 32;
const MAX_KERNEL = 15;

/**
 * A stem of inverted residual blocks (MobileNetV2, EfficientNet-Lite), batch norms folded in, read off the shapes under
 * `visual.stem.`, each with a `.bias`: `conv` `[c, 1 or 3, k, k]` halves the side; `blocks.{i}` widens (`expand` `[h, c, 1, 1]`), looks around
 * (`depthwise` `[h, 1, k, k]`) and narrows (`project` `[o, h, 1, 1]`, linear): without `expand` it keeps the side, otherwise it halves it
 * where the width changes, and where it does not the block's input is added; `patch` `[p, o, s, s]` takes squares of s, `mix`
 * `[width, p, 1, 1]` gives the tokens. ReLU6 up to the blocks' end, ReLU after `patch`. Zeros lie around as TensorFlow's SAME has them.
 *
 * @throws AppError `CHECKPOINT_MISSING_KEY`, `CHECKPOINT_INVALID`.
 */
export function readMobileStem(reader: ShapeReader): readonly StemLayer[] {
  const layers: StemLayer[] = [];
  const width = (): number => layers.at(-1)?.output ?? -1;
  const push = (name: string, change: Partial<StemLayer>): void =>
    void layers.push({ ...readLayer(reader, name, width()), ...change });

  push('conv', { stride: 2, activation: 'relu6' });
  const count = reader.count('visual.stem.blocks.');
  if (count > MAX_BLOCKS)
    reader.invalid('visual.stem.blocks.0.project.weight', `belongs to a stem of ${count} blocks, more than ${MAX_BLOCKS}`);
  for (let i = 0; i < count; i++) {
    const into = width();
    const first = layers.length;
    const expands = ['weight', 'bias'].some((part) => reader.has(`visual.stem.blocks.${i}.expand.${part}`));
    if (expands) push(`blocks.${i}.expand`, { activation: 'relu6' });
    const project = `blocks.${i}.project`;
    const out = reader.dims(`visual.stem.${project}.weight`, [-1, -1, 1, 1])[0];
    const depthwise = readDepthwise(reader, `blocks.${i}.depthwise`, width());
    layers.push({ ...depthwise, stride: expands && out !== into ? 2 : 1 });
    push(project, { adds: out === into ? first : undefined });
  }
  const [, , square = 0] = reader.dims('visual.stem.patch.weight', [-1, width(), -1, -1]);
  push('patch', { stride: square, activation: 'relu' });
  push('mix', {});
  for (const { weight, kernel, stride } of layers)
    if (kernel > MAX_KERNEL || kernel < stride || (stride === 1 && kernel % 2 === 0))
      reader.invalid(weight, `has a kernel of ${kernel}, which no layer with a step of ${stride} can have`);
  return layers.map((layer) => ({ ...layer, padding: same(layer.kernel, layer.stride) }));
}

/** Pixels of zeros before and after, for a side that the step divides. */
function same(kernel: number, stride: number): readonly [number, number] {
  const before = Math.floor((kernel - stride) / 2);
  return [before, kernel - stride - before];
}

function readLayer(reader: ShapeReader, name: string, input: number): StemLayer {
  const { weight, bias } = names(name);
  const [output = 0, inputs = 0, kernel = 0] = reader.dims(weight, [-1, input, -1, -1]);
  reader.dims(weight, [output, inputs, kernel, kernel]);
  reader.dims(bias, [output]);
  return {
    weight,
    bias,
    input: inputs,
    output,
    kernel,
    stride: 1,
    padding: [0, 0],
    depthwise: false,
    activation: 'none',
    adds: undefined,
  };
}

function readDepthwise(reader: ShapeReader, name: string, width: number): StemLayer {
  const { weight, bias } = names(name);
  const [, , kernel = 0] = reader.dims(weight, [width, 1, -1, -1]);
  reader.dims(weight, [width, 1, kernel, kernel]);
  reader.dims(bias, [width]);
  const shape = { input: width, output: width, kernel, stride: 1, padding: [0, 0] as const };
  return { weight, bias, ...shape, depthwise: true, activation: 'relu6', adds: undefined };
}

function names(name: string): { weight: string; bias: string } {
  return { weight: `visual.stem.${name}.weight`, bias: `visual.stem.${name}.bias` };
}
