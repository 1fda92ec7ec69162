import type { GraphWriter, Value } from './graph-writer.js';

/** Ends a graph: the rows of `projected`, brought to length one, are its output `features`. */
export function writeFeatures(graph: GraphWriter, projected: Value, dims: readonly (number | string)[]): void {
  const length = graph.node('ReduceL2', 'length', [projected], { axes: [-1], keepdims: 1 });
  graph.output('features', graph.node('Div', 'normalised', [projected, length]), dims);
}
