import type { PackFile } from '../core/pack/manifest.js';
import type { Backend, PackEvaluation } from '../core/result.js';

/** A dense float32 tensor, row-major. */
export interface Tensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** An ONNX model and the files that its initializers point to, by the location written in the model. */
export interface Graph {
  readonly model: Uint8Array;
  readonly external: readonly { readonly path: string; readonly data: Uint8Array }[];
}

/** An opened graph. */
export interface Session {
  /** Runs the graph. A tensor given again is read again, but wrapped once. Throws `DEVICE_LOST` or `OUT_OF_MEMORY` where the machine gave way. */
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
  release(): Promise<void>;
}

/** One way to run a graph on this machine. */
export interface Runtime {
  readonly backend: Backend;
  /** Gets ready before there is a graph, where that takes time; `open` does the same if it was not done. Throws as `open`. */
  warm?(): Promise<void>;
  /** @throws AppError `BACKEND_UNAVAILABLE`, `OUT_OF_MEMORY`. */
  open(graph: Graph): Promise<Session>;
}

/** Files by the SHA-256 of their content. Implementations write whole files or nothing. */
export interface PackStore {
  read(sha256: string): Promise<Uint8Array | undefined>;
  /** Bytes of an earlier, interrupted download, to be continued. */
  readPartial(sha256: string): Promise<Uint8Array | undefined>;
  appendPartial(sha256: string, chunk: Uint8Array): Promise<void>;
  /** Ends a download: `verified` becomes the file, undefined drops what there was of it. */
  settlePartial(sha256: string, verified: Uint8Array | undefined): Promise<void>;
}

/** Where a pack's files come from: a folder on a server, a folder on disk, a single-file pack. */
export interface PackSource {
  /** @throws AppError `PACK_NOT_FOUND`, `DOWNLOAD_FAILED`. */
  manifest(signal?: AbortSignal): Promise<Uint8Array>;
  /** Streams a file of the pack from byte `offset` on; `start` says where the stream really begins (0 if ranges are not served). */
  open(
    path: string,
    offset: number,
    signal?: AbortSignal,
  ): Promise<{ readonly start: number; readonly chunks: AsyncIterable<Uint8Array> }>;
  /** What the user of this machine has measured with this very pack, where that was recorded. */
  evaluation?(packSha256: string): Promise<PackEvaluation | undefined>;
}

/** One file of a new pack, being written. */
export interface PackFileWriter {
  /** The chunk may be used again when the promise settles. */
  write(chunk: Uint8Array): Promise<void>;
  /** The file is whole; `file` has its length and hash. A sink that keeps files by hash may find that it has this one already. */
  close(file: PackFile): Promise<void>;
}

/**
 * Where a new pack is written, one file after the other. Nothing of it is a pack before `commit`, and nothing is left of it after
 * `discard`; exactly one of the two ends a sink.
 */
export interface PackSink {
  /** True if a file of these bytes is there and need not be written again: a sink over a store by hash. */
  has?(file: PackFile): Promise<boolean>;
  /** Begins the next file, whose length is known; the one before was closed. */
  create(path: string, byteLength: number): Promise<PackFileWriter>;
  /** The bytes of a file that was closed, or that `has` said is there. */
  read(file: PackFile): Promise<Uint8Array>;
  /** Every file is whole: `manifest` (the bytes of manifest.json) makes a pack of them. */
  commit(manifest: Uint8Array): Promise<void>;
  /** Removes whatever was written, an unfinished file included. Never throws. */
  discard(): Promise<void>;
}

export interface ByteProgress {
  readonly loaded: number;
  readonly total: number;
}

export interface RunOptions<P = never> {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: P) => void) | undefined;
}
