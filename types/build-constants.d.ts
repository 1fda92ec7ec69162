// Put in by Vite, vitest and the CLI's bundler: scripts/build/constants.mjs.

/** The version in package.json. */
declare const __APP_VERSION__: string;
/** Folder of onnxruntime-web's wasm and mjs files, relative to the page, with a slash at its end: `assets/ort-1.30.0/`. */
declare const __ORT_PATH__: string;
