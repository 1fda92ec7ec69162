import { AppError } from '../../core/errors.js';

/** Onnxruntime's largest build, some 27 MB, with room to grow. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Fetches a file of our own that is served as gzip. Hosts that say so in a header (`Content-Encoding`) have the browser undo it,
 * others do not: the first two bytes tell.
 *
 * @throws AppError `BACKEND_UNAVAILABLE`.
 */
export async function fetchUnzipped(url: string): Promise<ArrayBuffer> {
  try {
    const response = await fetch(url, { credentials: 'same-origin' });
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    const bytes = await response.arrayBuffer();
    const [first, second] = new Uint8Array(bytes, 0, Math.min(2, bytes.byteLength));
    if (first !== 0x1f || second !== 0x8b) return bytes;
    return await unzip(bytes);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('BACKEND_UNAVAILABLE', `onnxruntime's WebGPU build did not load: ${why}.`, { url }, { cause });
  }
}

async function unzip(bytes: ArrayBuffer): Promise<ArrayBuffer> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (const reader = stream.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) return new Blob(chunks).arrayBuffer();
    length += value.byteLength;
    if (length > MOST_BYTES) throw new Error('it is larger than any build of it');
    chunks.push(value);
  }
}
