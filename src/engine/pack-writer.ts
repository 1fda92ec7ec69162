import { AppError, throwIfAborted } from '../core/errors.js';
import type { WeightFile } from '../core/graph/weight-file.js';
import { sha256, startSha256, type StartHash, type RunningHash } from '../core/pack/hash.js';
import type { PackFile } from '../core/pack/manifest.js';
import type { PackFileWriter, PackSink, PackSource } from './ports.js';

export interface PackWriterOptions {
  readonly signal?: AbortSignal | undefined;
  /** SHA-256, where the machine has a faster one. */
  readonly startHash?: StartHash | undefined;
  /** Called with the length of each chunk that was written. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** Writes a pack's files into a sink, hashing them as they pass. Each method gives the file as a manifest names it. */
export class PackWriter {
  constructor(
    readonly sink: PackSink,
    private readonly options: PackWriterOptions = {},
  ) {}

  private async startHash(): Promise<RunningHash> {
    return (this.options.startHash ?? startSha256)();
  }

  /** A file that is in memory. */
  async bytes(path: string, data: Uint8Array): Promise<PackFile> {
    const file = { path, bytes: data.byteLength, sha256: sha256(data) };
    if (await this.isThere(file)) return file;
    const out = await this.sink.create(path, data.byteLength);
    await this.write(out, data);
    await out.close(file);
    return file;
  }

  /** Weights, a tensor at a time: no more of the file is in memory. */
  async weights(weights: WeightFile): Promise<PackFile> {
    const hash = await this.startHash();
    const out = await this.sink.create(weights.path, weights.byteLength);
    await weights.write(async (chunk) => {
      hash.update(chunk);
      await this.write(out, chunk);
    }, this.options.signal);
    const file = { path: weights.path, bytes: weights.byteLength, sha256: hash.hex() };
    await out.close(file);
    return file;
  }

  /**
   * A file of another pack.
   *
   * @throws AppError `PACK_HASH` if its bytes are not those that the other pack's manifest names.
   */
  async copy(file: PackFile, source: PackSource): Promise<void> {
    if (await this.isThere(file)) return;
    const hash = await this.startHash();
    const out = await this.sink.create(file.path, file.bytes);
    const { chunks } = await source.open(file.path, 0, this.options.signal);
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.byteLength;
      if (bytes > file.bytes) break;
      hash.update(chunk);
      await this.write(out, chunk);
    }
    if (bytes !== file.bytes || hash.hex() !== file.sha256)
      throw new AppError('PACK_HASH', `The pack's file ${file.path} has other bytes than its manifest says.`, {
        file: file.path,
        sha256: file.sha256,
      });
    await out.close(file);
  }

  private async isThere(file: PackFile): Promise<boolean> {
    throwIfAborted(this.options.signal);
    if ((await this.sink.has?.(file)) !== true) return false;
    this.options.onBytes?.(file.bytes);
    return true;
  }

  private async write(out: PackFileWriter, chunk: Uint8Array): Promise<void> {
    throwIfAborted(this.options.signal);
    await out.write(chunk);
    this.options.onBytes?.(chunk.byteLength);
  }
}
