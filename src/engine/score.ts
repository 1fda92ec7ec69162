import { throwIfAborted } from '../core/errors.js';
import { decodeFilm } from '../core/film/decode.js';
import type { Codecs, GreyFilm } from '../core/film/grey-film.js';
import { resizeSteps } from '../core/film/resize.js';
import { startSha256 } from '../core/pack/hash.js';
import type { Manifest } from '../core/pack/manifest.js';
import { calibrate, scoreImage, scorePositions } from '../core/ppad/scoring.js';
import type { ScoreResult } from '../core/result.js';
import type { Model } from './model.js';

/** A film ready for the model. */
export interface PreparedFilm {
  readonly film: GreyFilm;
  /** `side * side` grey bytes: what the model sees. */
  readonly input: Uint8Array;
  /** First 128 bits of SHA-256 over `input`, 32 hex digits. */
  readonly inputDigest: string;
  readonly ms: { readonly decode: number; readonly preprocess: number };
}

/** What scoring needs of it: a decoder in a thread of its own keeps the film's pixels to itself. */
export type ScorableFilm = Omit<PreparedFilm, 'film'> & { readonly film: Pick<GreyFilm, 'facts'> };

/**
 * Decodes a film and squashes it as the pack states.
 *
 * @param startHash SHA-256, where the machine has a faster one.
 * @throws AppError as `decodeFilm` does.
 */
export async function prepareFilm(
  bytes: Uint8Array,
  codecs: Codecs,
  { preprocessing }: { readonly preprocessing: Pick<Manifest['preprocessing'], 'steps'> },
  signal?: AbortSignal,
  startHash = startSha256,
): Promise<PreparedFilm> {
  const begin = performance.now();
  const film = await decodeFilm(bytes, codecs, { signal });
  const decoded = performance.now();
  const input = resizeSteps(film, preprocessing.steps);
  const hash = startHash();
  hash.update(input);
  const inputDigest = hash.hex().slice(0, 32);
  return { film, input, inputDigest, ms: { decode: decoded - begin, preprocess: performance.now() - decoded } };
}

/** Runs the model over a prepared film and applies the pack's rule. `app` names the program and its version. */
export async function scorePrepared(
  model: Model,
  prepared: ScorableFilm,
  app: string,
  signal?: AbortSignal,
): Promise<ScoreResult> {
  throwIfAborted(signal);
  const begin = performance.now();
  const { logits, chestCheck } = await model.infer(prepared.input);
  const inference = performance.now() - begin;
  throwIfAborted(signal);
  const { manifest, identity } = model.pack;
  const positions = scorePositions(logits);
  const { score, rule } = scoreImage(
    positions.map(({ probability }) => probability),
    manifest.rule,
  );
  const threshold = manifest.threshold.value;
  return {
    rule,
    score,
    threshold,
    aboveThreshold: score > threshold,
    // The temperature was fitted to the pack's own words.
    ...(manifest.calibration && !model.classes && { calibrated: calibrate(score, manifest.calibration.temperature) }),
    ...(chestCheck && { chestCheck }),
    positions,
    inputDigest: prepared.inputDigest,
    film: prepared.film.facts,
    pack: identity,
    ...(manifest.prompting === 'zero-shot' && { prompting: 'zero-shot' as const }),
    ...(model.classes && { classes: model.classes }),
    backend: model.backend,
    app,
    date: new Date().toISOString(),
    ms: { ...prepared.ms, inference },
  };
}
