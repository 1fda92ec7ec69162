import type { Env, InferenceSession, Tensor as OrtTensor } from 'onnxruntime-web';
import { AppError, toAppError } from '../../core/errors.js';
import { Lifetime } from '../../core/lifetime.js';
import type { Backend } from '../../core/result.js';
import type { Graph, Runtime, Session, Tensor } from '../../engine/ports.js';
import { fetchUnzipped } from './fetch-unzipped.js';
import { IDLE_GRAPH } from './idle-graph.js';

/** What all entries of onnxruntime-web have in common. */
interface Ort {
  readonly env: Env;
  readonly InferenceSession: typeof InferenceSession;
  readonly Tensor: typeof OrtTensor;
}

export interface OrtOptions {
  /** Folder of onnxruntime's wasm and mjs files, absolute, with a slash at its end. */
  readonly wasmUrl: string;
  /** WebGPU's larger build, gzipped or not. */
  readonly asyncifyUrl: string;
  readonly threads: number;
}

/** The WebAssembly backend of onnxruntime-web. The number of threads is fixed for the life of the worker. */
export function wasmRuntime(
  backend: 'wasm' | 'wasm-single',
  { wasmUrl, threads }: Pick<OrtOptions, 'wasmUrl' | 'threads'>,
): Runtime {
  return runtimeOver(backend, async () => {
    const ort: Ort = await import('onnxruntime-web/wasm');
    ort.env.wasm.wasmPaths = wasmUrl;
    ort.env.wasm.numThreads = backend === 'wasm' ? threads : 1;
    return { ort, executionProviders: ['wasm'] };
  });
}

/**
 * WebGPU through onnxruntime-web: the smaller build where WebAssembly can suspend (JSPI), the larger one elsewhere.
 *
 * @param wished - the reader asked for it: then a software adapter will do too, which is slower than WebAssembly.
 */
export function webgpuRuntime({ wasmUrl, asyncifyUrl }: OrtOptions, wished: boolean): Runtime {
  return runtimeOver('webgpu', async () => {
    await requireAdapter(wished);
    const suspends = 'Suspending' in WebAssembly;
    const ort: Ort = suspends ? await import('onnxruntime-web/jspi') : await import('onnxruntime-web/webgpu');
    ort.env.wasm.wasmPaths = wasmUrl;
    // The larger build is served as gzip: as it is, some hosts would not take it.
    if (!suspends) ort.env.wasm.wasmBinary = await fetchUnzipped(asyncifyUrl);
    ort.env.wasm.numThreads = 1;
    return { ort, executionProviders: ['webgpu'], lost: () => deviceLost(ort) };
  });
}

/** An entry of onnxruntime-web, set up. */
interface Loaded {
  readonly ort: Ort;
  readonly executionProviders: readonly string[];
  /** Called once a session is open: settles with the reason when what it runs on is lost; not there where nothing can be. */
  lost?(): Promise<AppError>;
}

/** `warm` makes onnxruntime fetch and compile its WebAssembly, for which it has no call of its own: it opens an idle graph. */
function runtimeOver(backend: Backend, load: () => Promise<Loaded>): Runtime {
  let warmed: Promise<Loaded> | undefined;
  const warm = (): Promise<Loaded> =>
    (warmed ??= load().then(async (loaded) => {
      const idle = await createSession(loaded, { model: IDLE_GRAPH, external: [] }, backend);
      await idle.release();
      return loaded;
    }));
  return {
    backend,
    warm: async () => void (await warm()),
    open: async (graph) => openSession(await warm(), graph, backend),
  };
}

/** The part of WebGPU that is asked here; its types are in no library that we compile with. */
interface Gpu {
  requestAdapter(): Promise<{ readonly info: { readonly isFallbackAdapter?: boolean } } | null>;
}

async function requireAdapter(wished: boolean): Promise<void> {
  const { gpu } = navigator as { readonly gpu?: Gpu };
  if (!gpu) throw unavailable('This browser has no WebGPU.');
  const adapter = await gpu.requestAdapter().catch(() => null);
  if (!adapter) throw unavailable('WebGPU finds no graphics adapter.');
  if (adapter.info.isFallbackAdapter === true && !wished)
    throw unavailable('WebGPU has only a software adapter, slower than WebAssembly.');
}

function unavailable(message: string): AppError {
  return new AppError('BACKEND_UNAVAILABLE', message, { backend: 'webgpu' });
}

/** Settles when the graphics device is lost, which onnxruntime does not tell; pending for ever otherwise. */
async function deviceLost(ort: Ort): Promise<AppError> {
  const device = (await ort.env.webgpu.device) as {
    readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  };
  const { message, reason } = await device.lost;
  return new AppError('DEVICE_LOST', `The graphics device was lost: ${message || reason}.`, { backend: 'webgpu' });
}

async function createSession({ ort, executionProviders }: Loaded, graph: Graph, backend: Backend): Promise<InferenceSession> {
  try {
    return await ort.InferenceSession.create(graph.model, {
      executionProviders,
      externalData: graph.external.map(({ path, data }) => ({ path, data })),
      graphOptimizationLevel: 'all',
    });
  } catch (thrown) {
    throw runtimeError(thrown, backend);
  }
}

async function openSession(loaded: Loaded, graph: Graph, backend: Backend): Promise<Session> {
  const { ort } = loaded;
  const session = await createSession(loaded, graph, backend);
  // A loss between two films is told by the next one.
  const device = new Lifetime();
  loaded.lost?.().then(
    (error) => device.end(error),
    (thrown: unknown) => device.end(toAppError(thrown)),
  );
  const wrapped = new WeakMap<Tensor, OrtTensor>();
  const wrap = (tensor: Tensor): OrtTensor => {
    const known = wrapped.get(tensor) ?? new ort.Tensor('float32', tensor.data, [...tensor.dims]);
    wrapped.set(tensor, known);
    return known;
  };
  return {
    async run(feeds) {
      const inputs = Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, wrap(tensor)]));
      try {
        return toTensors(await device.run(() => session.run(inputs)));
      } catch (thrown) {
        throw runtimeError(thrown, backend);
      }
    },
    release: () => session.release(),
  };
}

function toTensors(outputs: InferenceSession.OnnxValueMapType): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => {
      const { dims, data } = value;
      return [name, { dims, data: data as Float32Array }];
    }),
  );
}

/** onnxruntime throws plain errors, and bare numbers where C++ threw: what is not memory is the backend's failure. */
function runtimeError(thrown: unknown, backend: Backend): AppError {
  const error = toAppError(thrown);
  if (error.code !== 'INTERNAL') return error;
  if (/device.*lost|lost.*device/i.test(error.message))
    return new AppError('DEVICE_LOST', error.message, { backend }, { cause: thrown });
  return new AppError(
    'BACKEND_UNAVAILABLE',
    `onnxruntime failed on ${backend}: ${error.message}`,
    { backend },
    { cause: thrown },
  );
}
