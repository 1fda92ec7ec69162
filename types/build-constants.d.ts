// Put in by Vite, vitest and the CLI's bundler: scripts/build/constants.mjs.

/** The version in package.json. */
declare const __APP_VERSION__: string;
/** Folder of onnxruntime-web's wasm and mjs files, relative to the page, with a slash at its end: `assets/ort-1.30.0/`. */
declare const __ORT_PATH__: string;
/**
 * onnxruntime-web's WebAssembly as it is served: where, relative to the page, the SHA-256 of what is there, and of what that holds
 * if it is gzip.
 */
declare const __ENGINE_BINARIES__: Readonly<
  Record<'cpu' | 'jspi' | 'asyncify', { readonly path: string; readonly sha256: string; readonly unzipped?: string }>
>;
/** Names the files that belong together; in the service worker alone, the page has it in a `meta` element. */
declare const __BUILD_ID__: string;
/** The headers of scripts/server/headers.mjs, for hosts that send none; in the service worker alone. */
declare const __SECURITY_HEADERS__: Readonly<Record<string, string>>;
