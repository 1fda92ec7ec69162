import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Codecs } from '../../core/film/grey-film.js';
import { makeWasmCodecs } from '../../core/film/wasm-codecs.js';

const require = createRequire(import.meta.url);

/** The film decoders with their binaries from `node_modules`. */
export function nodeCodecs(): Codecs {
  return makeWasmCodecs({
    jpeg: () => read('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm'),
    webp: () => read('@jsquash/webp/codec/dec/webp_dec.wasm'),
  });
}

async function read(file: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(require.resolve(file)));
}
