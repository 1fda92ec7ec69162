import { bytesToHex } from '@noble/hashes/utils.js';
import { AppError } from '../errors.js';
import { ORIGIN_STATES, POSITION_IDS, type ChestCheck, type PackOrigin } from '../result.js';
import { LinkReader } from './link-bytes.js';
import { readPreview } from './preview.js';
import type { SharedResult } from './shared-result.js';

// Versions are written down in docs/formats.md and never change: links of them are out in the world. Big-endian throughout.

export const RULES = ['max', 'mean', 'whole'] as const;
export const STAGES = [undefined, 'early', 'release', 'imported', 'fixture'] as const;
export const BACKENDS = ['native', 'webgpu', 'wasm', 'wasm-single'] as const;

/** The flags; two bits from `RULE_SHIFT` on are the rule. */
export const FLAG = {
  flipped: 1,
  synthetic: 2,
  maxAbove: 4,
  note: 8,
  preview: 16,
  calibrated: 32,
  chestCheck: 64,
  /** Since version 2. */
  origin: 128,
  unknown: 0xfc00,
} as const;
export const RULE_SHIFT = 8;
/** What the pack's chest check took the picture for; the first: it had no doubt. */
export const REASONS = [null, 'upside-down', 'sideways', 'inverted', 'unfamiliar'] as const;

const HASH_BYTES = 32;
const DIGEST_BYTES = 16;

/** The body of a record: all of it but the version byte before and the checksum after it. */
export type LinkRecord = Omit<SharedResult, 'aboveThreshold' | 'date' | 'positions'> & {
  readonly probabilities: readonly number[];
  /** Milliseconds since 1970, UTC. */
  readonly time: number;
};

/** @throws AppError `LINK_INVALID` for unknown flags or codes, text that is no UTF-8, and a record that ends early or late. */
export function readV1(body: Uint8Array): LinkRecord {
  return readRecord(body, FLAG.unknown | FLAG.origin);
}

/** Version 2 adds where an imported pack comes from, and nothing else. Throws as `readV1`. */
export function readV2(body: Uint8Array): LinkRecord {
  const record = readRecord(body, FLAG.unknown);
  // Without it the result is one of version 1: each has one text.
  if (!record.pack.origin) throw new AppError('LINK_INVALID', 'The link of version 2 lacks what version 2 is for.');
  return record;
}

function readRecord(body: Uint8Array, unknown: number): LinkRecord {
  const reader = new LinkReader(body);
  const flags = reader.uint16();
  if (flags & unknown) throw new AppError('LINK_INVALID', `The link has flags ${flags}, some of them unknown.`, { flags });
  const made = reader.uint8();
  const text = (): string => reader.text(reader.uint8());
  const record = {
    rule: pick(RULES, (flags >> RULE_SHIFT) & 3, 'rule'),
    stage: pick(STAGES, made & 15, 'stage'),
    backend: pick(BACKENDS, made >> 4, 'backend'),
    sides: flags & FLAG.flipped ? ('flipped' as const) : ('assumed' as const),
    synthetic: (flags & FLAG.synthetic) !== 0,
    time: reader.uint48(),
    inputDigest: bytesToHex(reader.bytes(DIGEST_BYTES)),
    probabilities: POSITION_IDS.map(() => reader.float64()),
    score: reader.float64(),
    threshold: reader.float64(),
    maxAbove: flags & FLAG.maxAbove ? reader.float64() : undefined,
    calibrated: flags & FLAG.calibrated ? reader.float64() : undefined,
    chestCheck: flags & FLAG.chestCheck ? readChestCheck(reader) : undefined,
    pack: { sha256: bytesToHex(reader.bytes(HASH_BYTES)), name: text(), version: text() },
    app: text(),
    origin: flags & FLAG.origin ? readOrigin(reader) : undefined,
    note: flags & FLAG.note ? reader.text(reader.uint16()) : undefined,
    preview: flags & FLAG.preview ? readPreview(reader) : undefined,
  };
  reader.end();
  const { origin, pack, ...rest } = record;
  return { ...rest, pack: { ...pack, ...(origin && { origin }) } };
}

function readOrigin(reader: LinkReader): PackOrigin {
  const state = pick(ORIGIN_STATES, reader.uint8(), 'state of the checkpoint');
  return { state, sha256: bytesToHex(reader.bytes(HASH_BYTES)), file: reader.text(reader.uint8()) };
}

function readChestCheck(reader: LinkReader): ChestCheck {
  const [value, threshold] = [reader.float64(), reader.float64()];
  const reason = pick(REASONS, reader.uint8(), 'chest check');
  return { value, threshold, flagged: value > threshold, reason };
}

function pick<T>(values: readonly T[], code: number, field: string): T {
  if (code >= values.length)
    throw new AppError('LINK_INVALID', `The link's ${field} has the unknown code ${code}.`, { field, code });
  return values[code] as T;
}
