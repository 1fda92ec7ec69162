import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Codecs } from '../grey-film.js';
import { makeWasmCodecs } from '../wasm-codecs.js';

const require = createRequire(import.meta.url);

/** The real decoders, for tests in Node. */
export function testCodecs(): Codecs {
  return makeWasmCodecs({
    jpeg: () => Promise.resolve(new Uint8Array(readFileSync(require.resolve('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm')))),
    webp: () => Promise.resolve(new Uint8Array(readFileSync(require.resolve('@jsquash/webp/codec/dec/webp_dec.wasm')))),
  });
}
