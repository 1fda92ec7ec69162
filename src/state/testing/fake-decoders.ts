import { AppError } from '../../core/errors.js';
import type { Decoders, FilmSource } from '../../worker/client.js';

const sizeOf = (source: FilmSource): number => (source instanceof Blob ? source.size : source.film.entry.byteLength);

/** Decoders without threads: what a film "shows" is its size. Files of 0 bytes are bad; one of 13 is never done. */
export function fakeDecoders(decoded: number[] = []): Decoders {
  const facts = { format: 'png' as const, width: 2, height: 2, notes: [] };
  const read = async (source: FilmSource): Promise<number> => {
    const size = sizeOf(source);
    if (size === 13) return new Promise<never>(() => undefined);
    await Promise.resolve();
    if (size === 0) throw new AppError('EMPTY_FILE', 'The file is empty.');
    decoded.push(size);
    return size;
  };
  return {
    count: 1,
    async prepare(source) {
      const input = new Uint8Array(64).fill(await read(source));
      return { ready: { film: { facts }, input, inputDigest: '', ms: { decode: 0, preprocess: 0 } }, thumbnail: input };
    },
    decode: async (source) => ({ facts, pixels: new Uint8Array(4).fill(await read(source)) }),
    list: () => Promise.reject(new AppError('ZIP_INVALID', 'No zip.')),
    open: (source) => (source instanceof Blob ? Promise.resolve(source) : Promise.reject(new AppError('ZIP_INVALID', 'No zip.'))),
    requests: () => Promise.resolve([]),
    dispose: () => undefined,
  };
}
