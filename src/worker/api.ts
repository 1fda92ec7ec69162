import type { Backend, Outcome, PackIdentity, ScoreResult } from '../core/result.js';
import type { Manifest } from '../core/pack/manifest.js';
import type { ScorableFilm } from '../engine/score.js';

/** What the page may ask the worker for. Errors are values (`Outcome`): comlink would lose their codes. */
export interface WorkerApi {
  /** Loads the pack at `packUrl`, picks a backend that reproduces the golden vector, keeps the pack in use on any failure. */
  start(request: StartRequest, onEvent: (event: WorkerEvent) => void): Promise<Outcome<EngineState>>;
  /** Scores one film. Jobs queue in the order they come; `cancel(jobId)` ends one with `ABORTED`. */
  score(request: ScoreRequest): Promise<Outcome<ScoredFilm>>;
  /**
   * Scores a film that a decoder has prepared, in one queue with `score`. `ABORTED` if it was prepared for another pack than
   * the one in use: then it is to be prepared again.
   */
  scoreReady(request: ScoreReadyRequest): Promise<Outcome<ScoreResult>>;
  /**
   * Has the text tower read other class words and scores with them from then on; undefined: the pack's own words. In the queue with
   * the films; the words in use stay if it fails.
   */
  setWords(request: WordsRequest): Promise<Outcome<EngineState>>;
  cancel(jobId: number): Promise<void>;
}

export interface WordsRequest {
  readonly jobId: number;
  readonly classes: readonly [string, string] | undefined;
}

/** Before the id of a pack of this machine's library, in the place of an address. */
export const LIBRARY_SCHEME = 'library:';

export interface StartRequest {
  /** The folder of a pack, absolute, with a slash at its end; or `library:` and the id of a pack of the library. */
  readonly packUrl: string;
  /** Absolute base of the onnxruntime and codec binaries. */
  readonly assetsUrl: string;
  /** The reader's wish (`?backend=`); undefined: the best that works. */
  readonly backend?: Backend | undefined;
  /** Backends that failed at run time in an earlier worker, with the reason. */
  readonly setAside: readonly BackendFailure[];
  /** Class words in place of the pack's own. */
  readonly classes?: readonly [string, string] | undefined;
}

export interface BackendFailure {
  readonly backend: Backend;
  readonly reason: string;
}

export interface EngineState {
  readonly backend: Backend;
  readonly setAside: readonly BackendFailure[];
  /** The pack's; its `classes` are the words in use. */
  readonly manifest: Manifest;
  readonly pack: PackIdentity;
  readonly threads: number;
}

export interface ScoreRequest {
  readonly jobId: number;
  readonly file: Blob;
}

export interface ScoreReadyRequest {
  readonly jobId: number;
  readonly film: ScorableFilm;
  /** The pack whose steps prepared it, by its hash. */
  readonly pack: string;
}

/** A result with the film as grey pixels (upright, native size), transferred to the page for drawing. */
export interface ScoredFilm {
  readonly result: ScoreResult;
  readonly pixels: Uint8Array;
}

export type WorkerEvent =
  | { readonly kind: 'pack-bytes'; readonly loaded: number; readonly total: number }
  | { readonly kind: 'backend-trying'; readonly backend: Backend }
  | { readonly kind: 'job-stage'; readonly jobId: number; readonly stage: 'reading' | 'decoding' | 'scoring' };

export type { ImportOptions, JobProgress, NamedFile } from './library-api.js';
export type { LibraryPack } from '../engine/library/pack-library.js';
export type { CheckpointFacts } from '../engine/inspect-checkpoint.js';
