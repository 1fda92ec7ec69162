import jpegUrl from '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm?url';
import webpUrl from '@jsquash/webp/codec/dec/webp_dec.wasm?url';
import { AppError } from '../../core/errors.js';
import type { Codecs } from '../../core/film/grey-film.js';
import { makeWasmCodecs } from '../../core/film/wasm-codecs.js';

/** Where the decoders' binaries are. */
export interface CodecUrls {
  readonly jpeg: string;
  readonly webp: string;
}

/**
 * The film decoders, by default from where the bundler put their binaries. JPEG's, which most films need, is fetched at once:
 * it comes while the model does, and the first film does not wait for it.
 */
export function browserCodecs(urls: CodecUrls = { jpeg: jpegUrl, webp: webpUrl }): Codecs {
  let early: Promise<WebAssembly.Module> | undefined = compile(urls.jpeg);
  // A failure is told by the film that needs it, which tries again.
  early.catch(() => (early = undefined));
  return makeWasmCodecs({ jpeg: () => early ?? compile(urls.jpeg), webp: () => compile(urls.webp) });
}

/**
 * Compiles while it downloads where the server names the type `application/wasm`, after the download otherwise.
 *
 * @throws AppError `DOWNLOAD_FAILED`.
 */
async function compile(url: string): Promise<WebAssembly.Module> {
  const response = await fetch(url, { credentials: 'same-origin' });
  if (!response.ok)
    throw new AppError('DOWNLOAD_FAILED', `A film decoder did not load: ${response.status} ${response.statusText}.`, { url });
  const isWasm = response.headers.get('Content-Type')?.startsWith('application/wasm') === true;
  if (isWasm && 'compileStreaming' in WebAssembly) return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}
