import type { ErrorCode, ErrorDetail } from './errors.js';

/** The five positions of PPAD, by side *of the image*, in the order of the method (ppad.md section 3). */
export const POSITION_IDS = ['left', 'right', 'upper', 'lower', 'whole'] as const;
export type PositionId = (typeof POSITION_IDS)[number];

/** What ran the model. `native` is onnxruntime-node. */
export type Backend = 'webgpu' | 'wasm' | 'wasm-single' | 'native';

/** `max`/`mean`: which branch of PPAD's rule gave the score. `whole`: the unmasked film's own probability (zero-shot packs). */
export type Rule = 'max' | 'mean' | 'whole';

/** Who says which side is the patient's right: the standard view is assumed until the reader flips it. */
export type Sides = 'assumed' | 'flipped';

export interface PositionScore {
  readonly id: PositionId;
  /** Probability of "abnormal" at this position, 0 to 1. */
  readonly probability: number;
  /** `[normal, abnormal]`, before the softmax. */
  readonly logits: readonly [number, number];
}

/** What was done to a film's values on its way to 8-bit grey, stated beside the result. */
export type FilmNote =
  | { readonly kind: 'divided'; readonly by: number; readonly largest: number }
  | { readonly kind: 'alpha-over-black' }
  | { readonly kind: 'colour-to-grey' }
  | { readonly kind: 'orientation'; readonly exif: number };

export interface FilmFacts {
  readonly format: 'png' | 'jpeg' | 'webp';
  readonly width: number;
  readonly height: number;
  readonly notes: readonly FilmNote[];
}

export interface PackIdentity {
  readonly name: string;
  readonly version: string;
  /** SHA-256 of the manifest's bytes, which name every other hash. Lower-case hex. */
  readonly sha256: string;
  /** Of an imported pack: the checkpoint that it was made of. */
  readonly origin?: PackOrigin;
}

/** Whether whoever uses an imported pack has measured it on films of their own. */
export const ORIGIN_STATES = ['imported, not validated here', 'imported, evaluated here'] as const;
export type OriginState = (typeof ORIGIN_STATES)[number];

/** Where an imported pack comes from, and what has been done with it here. */
export interface PackOrigin {
  /** The checkpoint's file name. */
  readonly file: string;
  /** SHA-256 of the checkpoint. */
  readonly sha256: string;
  readonly state: OriginState;
  /** Where `state` says that it was evaluated here; a link leaves it out. */
  readonly evaluation?: PackEvaluation;
}

/** What the user of an imported pack has measured with it. */
export interface PackEvaluation {
  /** Films. */
  readonly normal: number;
  readonly abnormal: number;
  readonly auroc: number;
  /** ISO 8601, UTC. */
  readonly date: string;
}

/** What a picture was taken for that is no upright frontal chest film; `unfamiliar` is everything without a name. */
export type ChestReason = 'upside-down' | 'sideways' | 'inverted' | 'unfamiliar';

/** Whether the picture is an upright frontal chest film at all: beside the scores, never instead of them. */
export interface ChestCheck {
  /** How sure the pack's check is that it is none, 0 to 1. */
  readonly value: number;
  readonly threshold: number;
  readonly flagged: boolean;
  /** What it may be, if it is flagged. */
  readonly reason: ChestReason | null;
}

/** One scored film: what the page shows, the CLI prints and a link carries. */
export interface ScoreResult {
  readonly rule: Rule;
  readonly score: number;
  readonly threshold: number;
  readonly aboveThreshold: boolean;
  /** The image score after the pack's temperature, which brings it nearer to a frequency; undefined if the pack states none. */
  readonly calibrated?: number;
  /** Undefined for packs without a check. */
  readonly chestCheck?: ChestCheck;
  readonly positions: readonly PositionScore[];
  /** First 128 bits of SHA-256 over the resized 8-bit grey input, as 32 hex digits. */
  readonly inputDigest: string;
  readonly film: FilmFacts;
  readonly pack: PackIdentity;
  /** Of a CLIP without learned prompts: its positions are plain masking, and the score is the whole film's. */
  readonly prompting?: 'zero-shot';
  /** The class words, where they are others than the pack was made with. */
  readonly classes?: readonly [string, string];
  readonly backend: Backend;
  readonly app: string;
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly ms: { readonly decode: number; readonly preprocess: number; readonly inference: number };
}

/** An error as plain data, for a boundary that cannot carry a class. */
export interface ErrorValue {
  readonly code: ErrorCode;
  readonly message: string;
  readonly detail: ErrorDetail;
}

/** Success or failure as a value: what crosses from worker to page. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorValue };
