import type { Manifest } from '../pack/manifest.js';
import type { Backend, ChestCheck, PackIdentity, PositionId, Rule, ScoreResult, Sides } from '../result.js';
import type { Preview } from './preview.js';
import { neutraliseText } from './note-text.js';
import { shortName } from './short-name.js';

/** What a link says about a film: a result without the film. */
export interface SharedResult {
  /** In the method's order. */
  readonly positions: readonly { readonly id: PositionId; readonly probability: number }[];
  readonly score: number;
  readonly rule: Rule;
  readonly threshold: number;
  readonly aboveThreshold: boolean;
  /** The image score after the pack's temperature, where it states one. */
  readonly calibrated: number | undefined;
  /** What the pack's check said of the picture, where it has one. */
  readonly chestCheck: ChestCheck | undefined;
  /** The pack's "largest if above" of PPAD's rule; undefined where the sender did not know it, or the pack has no such rule. */
  readonly maxAbove: number | undefined;
  /** From it and the ids follow the positions' names in patient terms. */
  readonly sides: Sides;
  readonly pack: PackIdentity;
  readonly stage: Manifest['stage'] | undefined;
  readonly backend: Backend;
  readonly app: string;
  /** ISO 8601, UTC, to the millisecond. */
  readonly date: string;
  /** First 128 bits of SHA-256 over the model's input, 32 hex digits. */
  readonly inputDigest: string;
  /** The film was drawn by our own code, as the sender's page says. */
  readonly synthetic: boolean;
  /** The sender's words, without control and direction characters. */
  readonly note: string | undefined;
  readonly preview: Preview | undefined;
}

/** What the sender adds to a result, and what the page knows beyond it. */
export interface ShareOptions {
  readonly sides: Sides;
  readonly manifest?: Pick<Manifest, 'rule' | 'stage'> | undefined;
  readonly synthetic?: boolean | undefined;
  readonly note?: string | undefined;
  readonly preview?: Preview | undefined;
}

/** As much of a result as a link has room for. */
type Shareable = Omit<ScoreResult, 'film' | 'ms' | 'positions'> & { readonly positions: SharedResult['positions'] };

/** A result as a link carries it. */
export function toShared(result: Shareable, options: ShareOptions): SharedResult {
  const { score, rule, threshold, aboveThreshold, calibrated, chestCheck, pack, backend, app, date, inputDigest } = result;
  const { sides, manifest, synthetic = false, note = '', preview } = options;
  return {
    positions: result.positions.map(({ id, probability }) => ({ id, probability })),
    score,
    rule,
    threshold,
    aboveThreshold,
    calibrated,
    chestCheck,
    maxAbove: manifest?.rule.kind === 'ppad' ? manifest.rule.maxAbove : undefined,
    sides,
    pack: shortened(pack),
    stage: manifest?.stage,
    backend,
    app,
    date,
    inputDigest,
    synthetic,
    note: neutraliseText(note).trim() || undefined,
    preview,
  };
}

/** As much of an origin as a link has room for: the hash says which file it was, the name only reminds. */
function shortened({ name, version, sha256, origin }: PackIdentity): PackIdentity {
  const identity = { name, version, sha256 };
  if (!origin) return identity;
  const { file, sha256: checkpoint, state } = origin;
  return { ...identity, origin: { file: shortName(file), sha256: checkpoint, state } };
}
