import { chooseBackend } from '../engine/choose-backend.js';
import { loadPack } from '../engine/load-pack.js';
import type { Model } from '../engine/model.js';
import type { Io } from './io.js';
import { startDecoder, type Decoder } from './ports/decoder.js';
import { nodeRuntimes } from './ports/ort-runtime.js';
import { openPackSource } from './ports/pack-source.js';

/** Names the program in every result. */
export const APP = `ppad-web ${__APP_VERSION__}`;

export interface Engine {
  readonly model: Model;
  readonly decoder: Decoder;
  close(): Promise<void>;
}

/** Opens a pack, by default the one that ships, on the first runtime that reproduces its golden vector. */
export async function openEngine(path: string | undefined, threads: number, io: Io): Promise<Engine> {
  const source = await openPackSource(path ?? io.defaultPack);
  const pack = await loadPack(source, undefined, { signal: io.signal }).finally(() => source.close());
  // The threads start while the session is built.
  const decoder = startDecoder(io.program, pack.manifest.preprocessing.steps);
  try {
    const runtimes = nodeRuntimes(threads, process.env['PPAD_RUNTIME']);
    const { model, setAside } = await chooseBackend(pack, { runtimes, signal: io.signal });
    for (const { backend, reason } of setAside) io.note(`ppad: ${backend} is set aside: ${reason}`);
    const close = async (): Promise<void> => void (await Promise.all([decoder.close(), model.release()]));
    return { model, decoder, close };
  } catch (thrown) {
    await decoder.close();
    throw thrown;
  }
}
