import * as Comlink from 'comlink';
import { listFilmArchive } from '../core/archive/film-archive.js';
import { unpackFilm } from '../core/archive/unpack.js';
import { decodeFilm } from '../core/film/decode.js';
import { makeThumbnail } from '../core/film/thumbnail.js';
import { prepareFilm } from '../engine/score.js';
import type { DecoderApi, FilmSource } from './decoder-api.js';
import { browserCodecs } from './ports/codecs.js';
import { blobSource, readBlob } from './ports/read-blob.js';
import { exposeAlive, outcomeOf } from './rpc.js';

// Films for the list, decoded beside the engine: the same code on the same bytes as there.
const codecs = browserCodecs();

async function read(source: FilmSource | Uint8Array): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  return source instanceof Blob ? readBlob(source) : unpackFilm(blobSource(source.archive), source.film);
}

const api: DecoderApi = {
  async prepare(source, steps) {
    const outcome = await outcomeOf(async () => {
      const { film, input, inputDigest, ms } = await prepareFilm(await read(source), codecs, {
        preprocessing: { steps: [...steps] },
      });
      return { ready: { film: { facts: film.facts }, input, inputDigest, ms }, thumbnail: makeThumbnail(input) };
    });
    return outcome.ok ? Comlink.transfer(outcome, [outcome.value.ready.input.buffer, outcome.value.thumbnail.buffer]) : outcome;
  },
  async decode(source) {
    const outcome = await outcomeOf(async () => decodeFilm(await read(source), codecs));
    return outcome.ok ? Comlink.transfer(outcome, [outcome.value.pixels.buffer]) : outcome;
  },
  list: (archive) => outcomeOf(() => listFilmArchive(blobSource(archive))),
  unpack: ({ archive, film }) => outcomeOf(async () => new Blob([await unpackFilm(blobSource(archive), film)])),
};

exposeAlive(api);
