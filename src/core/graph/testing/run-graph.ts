import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { BuiltGraph } from '../graph-writer.js';
import { collectWeights } from '../weight-file.js';

export interface Feed {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

export type RunGraph = (feeds: Readonly<Record<string, Feed>>, output?: string) => Promise<Float32Array>;

/** Opens a built graph in onnxruntime-node; what comes back runs it and gives its `features`, or another output. */
export async function openGraph(graph: BuiltGraph): Promise<RunGraph> {
  const session = await InferenceSession.create(graph.model, {
    externalData: [{ path: graph.weights.path, data: await collectWeights(graph.weights) }],
    intraOpNumThreads: 1,
  });
  return async (feeds, output = 'features') => {
    const tensors = Object.entries(feeds).map(
      ([name, { dims, data }]) => [name, new Tensor('float32', data, [...dims])] as const,
    );
    const outputs = await session.run(Object.fromEntries(tensors));
    return outputs[output]?.data as Float32Array;
  };
}
