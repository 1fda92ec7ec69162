import { availableParallelism } from 'node:os';
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { AppError, toAppError } from '../../core/errors.js';
import type { Backend } from '../../core/result.js';
import type { Graph, Runtime, Session, Tensor } from '../../engine/ports.js';

/** What onnxruntime-node and onnxruntime-web have in common. */
interface Ort {
  readonly InferenceSession: typeof InferenceSession;
  readonly Tensor: typeof OrtTensor;
}

/** Threads for one inference unless told otherwise: those that the scheduler grants this process. */
export function defaultThreads(): number {
  return availableParallelism();
}

/** The native runtime, then the WebAssembly one for machines that have no binary for it; `wished` (`PPAD_RUNTIME`) alone if given. */
export function nodeRuntimes(threads: number, wished: string | undefined): readonly Runtime[] {
  const all = [nativeRuntime(threads), wasmRuntime(threads)];
  if (wished === undefined || wished === '') return all;
  if (wished === 'native') return [nativeRuntime(threads)];
  if (wished === 'wasm') return [wasmRuntime(threads)];
  if (wished === 'wasm-single') return [wasmRuntime(1)];
  throw new AppError('USAGE', `PPAD_RUNTIME is ${wished}; it may be native, wasm or wasm-single.`);
}

/** onnxruntime-node on the processor. */
export function nativeRuntime(threads: number): Runtime {
  const start = () => load('native', () => import('onnxruntime-node'));
  return {
    backend: 'native',
    warm: async () => void (await start()),
    async open(graph) {
      const ort = await start();
      return openSession(ort, graph, 'native', { executionProviders: ['cpu'], intraOpNumThreads: threads, interOpNumThreads: 1 });
    },
  };
}

/** onnxruntime's WebAssembly build. Its number of threads is fixed at the first session of the process. */
export function wasmRuntime(threads: number): Runtime {
  const backend = threads > 1 ? 'wasm' : 'wasm-single';
  return {
    backend,
    async open(graph) {
      const ort = await load(backend, () => import('onnxruntime-web'));
      ort.env.wasm.numThreads = threads;
      return openSession(ort, graph, backend, { executionProviders: ['wasm'] });
    },
  };
}

async function load<T>(backend: Backend, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('BACKEND_UNAVAILABLE', `The ${backend} runtime does not load here: ${reason}`, { backend }, { cause });
  }
}

async function openSession(ort: Ort, graph: Graph, backend: Backend, options: InferenceSession.SessionOptions): Promise<Session> {
  let session: InferenceSession;
  try {
    session = await ort.InferenceSession.create(graph.model, {
      ...options,
      externalData: [...graph.external],
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
    });
  } catch (thrown) {
    const { code, message } = toAppError(thrown);
    throw new AppError(code === 'OUT_OF_MEMORY' ? code : 'BACKEND_UNAVAILABLE', message, { backend }, { cause: thrown });
  }
  const wrapped = new WeakMap<Tensor, OrtTensor>();
  const wrap = (tensor: Tensor): OrtTensor => {
    const known = wrapped.get(tensor) ?? new ort.Tensor('float32', tensor.data, tensor.dims);
    wrapped.set(tensor, known);
    return known;
  };
  return {
    async run(feeds) {
      const inputs = Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, wrap(tensor)]));
      try {
        const outputs = await session.run(inputs);
        return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, toTensor(name, tensor)]));
      } catch (thrown) {
        throw toAppError(thrown);
      }
    },
    release: () => session.release(),
  };
}

function toTensor(name: string, { dims, data }: OrtTensor): Tensor {
  if (!(data instanceof Float32Array)) throw new AppError('PACK_INVALID', `The graph's output ${name} is not float32.`);
  return { dims, data };
}
