import type { PackSource, PackStore } from '../ports.js';

/** A source over files in memory that notes what was asked of it, and can be made to break. */
export class MemorySource implements PackSource {
  readonly asked: { path: string; offset: number }[] = [];
  /** Bytes of a file after which the connection breaks, once. */
  readonly breakAfter = new Map<string, number>();
  /** False: like a server without ranges, every answer begins at byte 0. */
  ranges = true;

  constructor(
    readonly files: Map<string, Uint8Array>,
    private readonly chunk = 1000,
  ) {}

  manifest(): Promise<Uint8Array> {
    return Promise.resolve(this.files.get('manifest.json')!);
  }

  open(path: string, offset: number) {
    this.asked.push({ path, offset });
    const start = this.ranges ? offset : 0;
    return Promise.resolve({ start, chunks: this.stream(path, start) });
  }

  private async *stream(path: string, start: number): AsyncGenerator<Uint8Array> {
    const bytes = this.files.get(path)!;
    const end = this.breakAfter.get(path);
    this.breakAfter.delete(path);
    for (let at = start; at < bytes.byteLength; at += this.chunk) {
      await Promise.resolve();
      if (end !== undefined && at >= end) throw new Error('the connection broke');
      yield bytes.slice(at, at + this.chunk);
    }
  }
}

/** A store in memory. */
export class MemoryStore implements PackStore {
  readonly whole = new Map<string, Uint8Array>();
  readonly partial = new Map<string, Uint8Array>();

  read(sha256: string) {
    return Promise.resolve(this.whole.get(sha256));
  }

  readPartial(sha256: string) {
    return Promise.resolve(this.partial.get(sha256));
  }

  appendPartial(sha256: string, chunk: Uint8Array) {
    const before = this.partial.get(sha256) ?? new Uint8Array(0);
    const after = new Uint8Array(before.byteLength + chunk.byteLength);
    after.set(before);
    after.set(chunk, before.byteLength);
    this.partial.set(sha256, after);
    return Promise.resolve();
  }

  settlePartial(sha256: string, verified: Uint8Array | undefined) {
    this.partial.delete(sha256);
    if (verified) this.whole.set(sha256, verified.slice());
    return Promise.resolve();
  }
}
