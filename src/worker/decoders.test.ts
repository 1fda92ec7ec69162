import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../core/errors.js';
import type { GreyFilm } from '../core/film/grey-film.js';
import type { DecodedFilm, DecoderApi } from './decoder-api.js';
import { createDecoders, decoderCount, type Decoders } from './decoders.js';
import { exposeAlive, outcomeOf } from './rpc.js';
import { FakeWorker } from './testing/fake-worker.js';

let decoders: Decoders | undefined;
afterEach(() => decoders?.dispose());

type Prepare = (size: number, worker: number) => Promise<void>;

/** Decoders over workers whose films are done when `prepare` says so. */
function setUp({
  count = 1,
  prepare = () => Promise.resolve(),
  idleMs = 1000,
}: {
  count?: number;
  prepare?: Prepare;
  idleMs?: number;
}) {
  const workers: FakeWorker[] = [];
  const log: string[] = [];
  decoders = createDecoders({
    count,
    idleMs,
    createWorker: () => {
      const at = workers.length;
      const api: DecoderApi = {
        prepare: (source) =>
          outcomeOf(async () => {
            const size = source instanceof Blob ? source.size : source instanceof Uint8Array ? source.buffer.byteLength : 0;
            log.push(source instanceof Uint8Array ? `prepare bytes ${size}` : `prepare ${size}`);
            await prepare(size, at);
            return { thumbnail: Uint8Array.of(size) } as unknown as DecodedFilm;
          }),
        decode: () =>
          outcomeOf(() => {
            log.push('decode');
            return Promise.resolve({ pixels: Uint8Array.of(1) } as unknown as GreyFilm);
          }),
        list: () => outcomeOf(() => Promise.reject(new AppError('ZIP_INVALID', 'no zip'))),
        unpack: () => outcomeOf(() => Promise.resolve(new Blob(['film']))),
      };
      const worker = new FakeWorker((endpoint) => exposeAlive(api, endpoint));
      workers.push(worker);
      return worker;
    },
  });
  return { decoders, workers, log };
}

const blob = (size: number): Blob => new Blob([new Uint8Array(size)]);

describe('decoders', () => {
  it('decode so many at a time, and what is to be drawn before what waits', async () => {
    const gates: (() => void)[] = [];
    const { decoders, workers, log } = setUp({ count: 2, prepare: () => new Promise((resolve) => gates.push(resolve)) });
    const films = [1, 2, 3].map((size) => decoders.prepare(blob(size), [8]));
    const drawn = decoders.decode(blob(9));
    await vi.waitFor(() => expect(gates).toHaveLength(2));
    expect(log).toEqual(['prepare 1', 'prepare 2']);
    gates[0]?.();
    await drawn;
    await vi.waitFor(() => expect(gates).toHaveLength(3));
    gates[1]?.();
    gates[2]?.();
    expect((await Promise.all(films)).map(({ thumbnail }) => thumbnail[0])).toEqual([1, 2, 3]);
    expect(log).toEqual(['prepare 1', 'prepare 2', 'decode', 'prepare 3']);
    expect(workers).toHaveLength(2);
  });

  it('try a film once more on another worker, then give it up; the next film is decoded', async () => {
    const { decoders, workers } = setUp({
      prepare: async (size, worker) => {
        if (size !== 1) return;
        setTimeout(() => workers[worker]?.crash('out of memory'), 1);
        await new Promise(() => undefined);
      },
    });
    await expect(decoders.prepare(blob(1), [8])).rejects.toMatchObject({ code: 'WORKER_LOST' });
    expect(workers).toHaveLength(2);
    expect((await decoders.prepare(blob(2), [8])).thumbnail[0]).toBe(2);
  });

  it('are given small files as bytes, read together with those that follow, until they have nothing to do', async () => {
    const { decoders, workers, log } = setUp({ idleMs: 5 });
    const [first, second, third] = [blob(5), blob(6), blob(7)];
    await decoders.prepare(first, [8], { following: () => [second, third] });
    await decoders.prepare(second, [8], { following: () => [third] });
    await vi.waitFor(() => expect(workers[0]?.terminated).toBe(true));
    await decoders.prepare(third, [8], { following: () => [] });
    expect(log).toEqual(['prepare bytes 5', 'prepare bytes 6', 'prepare 7']);
  });

  it('hand on what is wrong with a file, and stop when told', async () => {
    const { decoders, workers } = setUp({});
    await expect(decoders.list(blob(3))).rejects.toMatchObject({ code: 'ZIP_INVALID' });
    await expect(decoders.prepare(blob(1), [8], { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
    expect(workers).toHaveLength(1);
  });

  it('give a file as it is and unpack what lies in an archive', async () => {
    const { decoders, workers } = setUp({});
    const file = blob(3);
    expect(await decoders.open(file)).toBe(file);
    expect(workers).toHaveLength(0);
  });

  it('end when there is nothing to do for a while, and start again', async () => {
    const { decoders, workers } = setUp({ idleMs: 5 });
    await decoders.prepare(blob(1), [8]);
    await vi.waitFor(() => expect(workers[0]?.terminated).toBe(true));
    await decoders.prepare(blob(1), [8]);
    expect(workers).toHaveLength(2);
  });

  it('are one on a small machine, four at most', () => {
    expect([1, 2, 4, 6, 8, 64].map(decoderCount)).toEqual([1, 1, 2, 3, 4, 4]);
  });
});
