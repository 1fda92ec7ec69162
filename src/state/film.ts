import type { ErrorValue, ScoreResult, Sides } from '../core/result.js';
import type { Manifest } from '../core/pack/manifest.js';
import type { EngineState, ScoredFilm } from '../worker/api.js';
import type { FilmSource, JobStage } from '../worker/client.js';

export type FilmPhase =
  /** In the queue. */
  | { readonly kind: 'waiting' }
  /** Taken out of the queue by the reader; opened or retried, it is read. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'busy'; readonly stage: JobStage | 'queued' }
  /** With its pixels, ready to be looked at. */
  | { readonly kind: 'scored'; readonly scored: ScoredFilm; readonly manifest: Manifest }
  /** With its result alone: opened, it is decoded again. `error` says why that failed; the result stays. */
  | { readonly kind: 'kept'; readonly result: ScoreResult; readonly manifest: Manifest; readonly error?: ErrorValue }
  | { readonly kind: 'failed'; readonly error: ErrorValue };

export interface Film {
  readonly id: number;
  readonly name: string;
  /** The folders it came from, `''` for a file by itself; ends in a slash. */
  readonly folder: string;
  readonly source: FilmSource;
  /** Drawn by our own code, not a patient's. */
  readonly synthetic: boolean;
  /** Why it is never read: what an archive's list says against it. */
  readonly refused: ErrorValue | undefined;
  readonly sides: Sides;
  readonly phase: FilmPhase;
}

export interface IncomingFilm {
  readonly name: string;
  readonly folder?: string;
  readonly source: FilmSource;
  readonly synthetic?: boolean;
  readonly refused?: ErrorValue | undefined;
}

/** A film's result, with its pixels or without. */
export function resultOf({ phase }: Film): ScoreResult | undefined {
  return phase.kind === 'scored' ? phase.scored.result : phase.kind === 'kept' ? phase.result : undefined;
}

/** Whether a film's result, if it has one, is of the model and the words in use. */
export function isOfModel(film: Film, { pack, manifest }: Pick<EngineState, 'pack' | 'manifest'>): boolean {
  const { phase } = film;
  if (phase.kind !== 'scored' && phase.kind !== 'kept') return true;
  const made = resultOf(film)?.pack;
  // What its user says of a pack is part of each result.
  const sameState = made?.origin?.state === pack.origin?.state;
  return made?.sha256 === pack.sha256 && sameState && haveSameWords(phase.manifest, manifest);
}

export function haveSameWords(a: Manifest, b: Manifest): boolean {
  return a.classes.every((word, i) => word === b.classes[i]);
}

export function makeFilm(id: number, { name, folder = '', source, synthetic = false, refused }: IncomingFilm): Film {
  const phase: FilmPhase = refused ? { kind: 'failed', error: refused } : { kind: 'waiting' };
  return { id, name, folder, source, synthetic, refused, sides: 'assumed', phase };
}

// Pixels of films looked at before are kept for a fast way back, up to this many bytes; older films are decoded again.
const PIXEL_BUDGET = 256 * 1024 * 1024;

/** The films with a result on the one of them that is shown, and without the pixels of those read longest ago once the budget is spent. */
export function withPixels(films: readonly Film[], id: number, phase: FilmPhase & { kind: 'scored' }): readonly Film[] {
  let left = PIXEL_BUDGET - phase.scored.pixels.byteLength;
  const kept = films.toReversed().map((film): Film => {
    if (film.id === id) return { ...film, phase };
    if (film.phase.kind !== 'scored') return film;
    left -= film.phase.scored.pixels.byteLength;
    const { scored, manifest } = film.phase;
    return left >= 0 ? film : { ...film, phase: { kind: 'kept', result: scored.result, manifest } };
  });
  return kept.toReversed();
}
