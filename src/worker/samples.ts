import { AppError } from '../core/errors.js';

export const SAMPLE_KINDS = ['clear', 'opacity'] as const;
export type SampleKind = (typeof SAMPLE_KINDS)[number];

const SEED = 1;

/** Draws a synthetic phantom in a worker of its own and gives it as a PNG. @throws AppError `WORKER_LOST`. */
export async function drawSample(kind: SampleKind): Promise<Blob> {
  const worker = new Worker(new URL('./sample.worker.ts', import.meta.url), { type: 'module', name: 'sample' });
  try {
    const png = await new Promise<Uint8Array<ArrayBuffer>>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Uint8Array<ArrayBuffer>>) => resolve(data);
      worker.onerror = ({ message }) => reject(new AppError('WORKER_LOST', `The phantom could not be drawn: ${message}.`));
      worker.postMessage({ opacity: kind === 'opacity', seed: SEED });
    });
    return new Blob([png], { type: 'image/png' });
  } finally {
    worker.terminate();
  }
}
