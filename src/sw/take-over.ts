import type { BusyQuestion } from './messages.js';
import { windows, worker } from './scope.js';

/** A window that is frozen or gone says nothing. */
const PATIENCE_MS = 3000;

/**
 * Takes over from the worker in use, which reloads every window: not while another window than the one that asks has work open.
 *
 * @returns how many have; 0: the worker takes over.
 */
export async function takeOver(asking: string | undefined, force: boolean): Promise<number> {
  const others = (await windows()).filter(({ id }) => id !== asking);
  const busy = force ? 0 : (await Promise.all(others.map(isBusy))).filter(Boolean).length;
  if (busy === 0) await worker.skipWaiting();
  return busy;
}

/** Whether a window has work open; one that does not answer counts as having it. */
function isBusy(client: WindowClient): Promise<boolean> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    setTimeout(() => resolve(true), PATIENCE_MS);
    port1.onmessage = ({ data }) => resolve(data !== false);
    client.postMessage({ kind: 'busy?' } satisfies BusyQuestion, [port2]);
  });
}
