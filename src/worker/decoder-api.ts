import type { ArchivedFilm, FilmArchive } from '../core/archive/film-archive.js';
import type { GreyFilm } from '../core/film/grey-film.js';
import type { Outcome } from '../core/result.js';
import type { ScorableFilm } from '../engine/score.js';

/** Where a film's bytes are: a file of its own, or a place in an archive. Neither is in memory. */
export type FilmSource = Blob | ArchiveMember;

export interface ArchiveMember {
  readonly archive: Blob;
  readonly film: ArchivedFilm;
}

/** A film prepared for the model, without its pixels. */
export interface DecodedFilm {
  readonly ready: ScorableFilm;
  /** A square of grey bytes, as `makeThumbnail` gives it. */
  readonly thumbnail: Uint8Array;
}

/** What the page may ask a decoding worker for. Errors are values, as the engine's are. */
export interface DecoderApi {
  /** Decodes a film, given as where it is or as the bytes of its file, and squashes it to the sides `steps` in turn. */
  prepare(source: FilmSource | Uint8Array, steps: readonly number[]): Promise<Outcome<DecodedFilm>>;
  /** Decodes a film for drawing; its pixels are transferred. */
  decode(source: FilmSource): Promise<Outcome<GreyFilm>>;
  list(archive: Blob): Promise<Outcome<FilmArchive>>;
  /** A film of an archive as a file of its own. */
  unpack(member: ArchiveMember): Promise<Outcome<Blob>>;
}
