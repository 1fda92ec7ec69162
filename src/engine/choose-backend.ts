import { AppError, throwIfAborted, toAppError } from '../core/errors.js';
import type { Backend } from '../core/result.js';
import type { LoadedPack } from './load-pack.js';
import { openModel, type Model } from './model.js';
import type { Runtime } from './ports.js';

/** A backend that was tried or skipped, and why it is not the one in use. */
export interface SetAside {
  readonly backend: Backend;
  readonly reason: string;
}

/** Runtimes in the order in which they are to be tried. */
export interface BackendChoice {
  readonly runtimes: readonly Runtime[];
  readonly onTrying?: ((backend: Backend) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens the pack on the first runtime that reproduces its golden vector.
 *
 * @throws AppError the last backend's error, if none does; `PACK_INVALID` and the like at once, since no backend mends a pack.
 */
export async function chooseBackend(
  pack: LoadedPack,
  { runtimes, onTrying, signal }: BackendChoice,
): Promise<{ readonly model: Model; readonly setAside: readonly SetAside[] }> {
  const setAside: SetAside[] = [];
  let last = new AppError('BACKEND_UNAVAILABLE', 'There is no backend to run the model on.');
  for (const runtime of runtimes) {
    throwIfAborted(signal);
    onTrying?.(runtime.backend);
    try {
      return { model: await openModel(runtime, pack), setAside };
    } catch (thrown) {
      last = toAppError(thrown);
      if (isPackFault(last)) throw last;
      setAside.push({ backend: runtime.backend, reason: last.message });
    }
  }
  throw last;
}

function isPackFault({ code }: AppError): boolean {
  return code === 'PACK_INVALID' || code === 'PACK_HASH' || code === 'ABORTED';
}
