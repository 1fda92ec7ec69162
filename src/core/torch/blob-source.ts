import type { ByteSource } from './tensor.js';

/** A source over a file that was dropped or lies in the origin's file system: read where it is, never whole. */
export function blobSource(blob: Blob): ByteSource {
  return {
    byteLength: blob.size,
    slice: async (from, to) => new Uint8Array(await blob.slice(from, to).arrayBuffer()),
  };
}
