import type { Runtime } from '../engine/ports.js';
import { backendOrder, Engine } from './engine.js';
import { browserCodecs } from './ports/codecs.js';
import { fetchMerges } from './ports/fetch-source.js';
import { openPack } from './ports/open-pack.js';
import { wasmRuntime, webgpuRuntime } from './ports/ort-runtime.js';
import { serve } from './rpc.js';

// More than four threads gain little on a model of this size and take cores from the page.
const threads = Math.max(1, Math.min(4, navigator.hardwareConcurrency));

serve(
  new Engine({
    app: `ppad-web ${__APP_VERSION__}`,
    codecs: browserCodecs(),
    threads,
    open: openPack,
    merges: fetchMerges,
    runtimes({ assetsUrl, backend: wish, setAside }): readonly Runtime[] {
      const options = {
        wasmUrl: new URL(__ORT_PATH__, assetsUrl).href,
        asyncifyUrl: new URL(__ENGINE_BINARIES__.asyncify.path, assetsUrl).href,
        threads,
      };
      return backendOrder(wish, setAside, self.crossOriginIsolated && threads > 1).map((backend) =>
        backend === 'webgpu' ? webgpuRuntime(options, wish === 'webgpu') : wasmRuntime(backend, options),
      );
    },
  }),
);
