import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { copyBinaries } from './scripts/build/binaries.mjs';
import { precompress } from './scripts/build/compress.mjs';
import { CONSTANTS } from './scripts/build/constants.mjs';
import { engineBinaries } from './scripts/build/engine-binaries.mjs';
import { pageMeta } from './scripts/build/page-meta.mjs';
import { serviceWorker } from './scripts/build/service-worker.mjs';

export default defineConfig({
  // Relative addresses: the page works under any path of any host.
  base: './',
  plugins: [react(), pageMeta(), copyBinaries(), serviceWorker(), precompress()],
  define: { ...CONSTANTS, __ENGINE_BINARIES__: JSON.stringify(engineBinaries()) },
  // Without this condition onnxruntime-web brings a copy of its wasm into the bundle, beside the one in assets/ort-*.
  resolve: { conditions: ['onnxruntime-web-use-extern-wasm', 'module', 'browser', 'production'] },
  worker: { format: 'es' },
  build: {
    outDir: 'dist/web',
    target: 'es2023',
    // The content security policy allows no data: addresses but for images.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
    // How long each plugin took is no news to whoever types `npm start`.
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
});
