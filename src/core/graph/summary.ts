import type { VisionArchitecture } from '../clip/architecture.js';
import type { GraphWriter, Value } from './graph-writer.js';

/** Cells along a side of the coarse map of the film. */
export const SUMMARY_CELLS = 4;

/** Length of a summary: the coarse map, the deviations, the class token. */
export function summaryLength({ width }: { readonly width: number }): number {
  return (SUMMARY_CELLS * SUMMARY_CELLS + 2) * width;
}

/**
 * Adds the output `summary` `[1, 18 W]`: what the backbone itself makes of the film, for a check that it is one (docs/formats.md).
 * First the patches before any mask, averaged over 4 x 4 cells row by row (`[16, W]`), then their standard deviation over the film
 * (`[W]`), then the class token behind `ln_post` (`[W]`), averaged over the positions that hide nothing; zeros if there is none.
 *
 * @param image patches `[1, N, W]`
 * @param patchMask `[R, N, 1]`
 * @param classTokens `[R, W]`
 */
export function writeSummary(
  graph: GraphWriter,
  { image, patchMask, classTokens }: { readonly image: Value; readonly patchMask: Value; readonly classTokens: Value },
  { grid, width }: VisionArchitecture,
): void {
  const patches = grid[0] * grid[1];
  const cells = SUMMARY_CELLS * SUMMARY_CELLS;
  const row = (name: string, value: Value, length: number): Value =>
    graph.node('Reshape', `summary.${name}`, [value, graph.ints(`shape.${name}`, [1, length])]);

  const average = graph.floats('summary.average', [cells, patches], cellAverages(grid));
  const map = row('map', graph.node('MatMul', 'summary.cells', [average, image]), cells * width);

  const mean = graph.node('ReduceMean', 'summary.mean', [image], { axes: [1], keepdims: 1 });
  const off = graph.node('Sub', 'summary.off', [image, mean]);
  const squares = graph.node('ReduceMean', 'summary.squares', [graph.node('Mul', 'summary.squared', [off, off])], {
    axes: [1],
    keepdims: 1,
  });
  const deviation = row('deviation', graph.node('Sqrt', 'summary.root', [squares]), width);

  // 1 for a position that hides nothing, else 0.
  const open = graph.node('ReduceMin', 'summary.open', [patchMask], { axes: [1], keepdims: 0 });
  const sum = graph.node('MatMul', 'summary.class.sum', [
    graph.node('Transpose', 'summary.chosen', [open], { perm: [1, 0] }),
    classTokens,
  ]);
  const total = graph.node('ReduceSum', 'summary.open.total', [open, graph.ints('summary.open.axes', [0, 1])], { keepdims: 0 });
  const count = graph.node('Max', 'summary.open.count', [total, graph.floats('summary.open.least', [], Float32Array.of(1))]);
  const whole = graph.node('Div', 'summary.class', [sum, count]);

  graph.output('summary', graph.node('Concat', 'summary.all', [map, deviation, whole], { axis: 1 }), [
    1,
    summaryLength({ width }),
  ]);
}

/** `[16, N]`: each cell's average over the patches that it overlaps, by the share that it overlaps. */
function cellAverages([rows, columns]: readonly [number, number]): Float32Array {
  const along = (count: number): number[][] =>
    Array.from({ length: SUMMARY_CELLS }, (_, cell) => {
      const [from, to] = [(cell * count) / SUMMARY_CELLS, ((cell + 1) * count) / SUMMARY_CELLS];
      return Array.from({ length: count }, (_, i) => Math.max(0, Math.min(i + 1, to) - Math.max(i, from)) / (to - from));
    });
  const down = along(rows);
  const across = along(columns);
  return Float32Array.from(down.flatMap((y) => across.flatMap((x) => y.flatMap((a) => x.map((b) => a * b)))));
}
