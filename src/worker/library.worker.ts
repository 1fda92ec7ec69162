import { libraryApi } from './library.js';
import { fetchMerges } from './ports/fetch-source.js';
import { openOpfsLibrary } from './ports/opfs-library.js';
import { wasmRuntime } from './ports/ort-runtime.js';
import { exposeAlive } from './rpc.js';

const threads = Math.max(1, Math.min(4, navigator.hardwareConcurrency));

exposeAlive(
  libraryApi({
    folders: openOpfsLibrary,
    // WebAssembly, whatever the page's own backend: it is the one that every machine has, and the engine checks the others against it.
    runtime: (assetsUrl) =>
      wasmRuntime(self.crossOriginIsolated && threads > 1 ? 'wasm' : 'wasm-single', {
        wasmUrl: new URL(__ORT_PATH__, assetsUrl).href,
        threads,
      }),
    merges: fetchMerges,
  }),
);
