import { expect, it } from 'vitest';
import { GraphWriter } from '../../core/graph/graph-writer.js';
import { IDLE_GRAPH } from './idle-graph.js';

it('is what the graph writer makes of y = x', () => {
  const graph = new GraphWriter('idle', { storage: 'float32', weightsPath: 'none' });
  graph.output('y', graph.node('Identity', 'same', [graph.input('x', [1])]), [1]);
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  expect(base64(IDLE_GRAPH)).toBe(base64(graph.finish().model));
});
