import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { AppError } from '../errors.js';
import { POSITION_IDS } from '../result.js';
import { LinkReader, LinkWriter } from './link-bytes.js';
import { readPreview, writePreview } from './preview.js';
import type { SharedResult } from './shared-result.js';

// Version 1 is written down in docs/formats.md and never changes: links of it are out in the world. Big-endian throughout.

const RULES = ['max', 'mean', 'whole'] as const;
const STAGES = [undefined, 'early', 'release', 'imported', 'fixture'] as const;
const BACKENDS = ['native', 'webgpu', 'wasm', 'wasm-single'] as const;

const FLIPPED = 1;
const SYNTHETIC = 2;
const HAS_MAX_ABOVE = 4;
const HAS_NOTE = 8;
const HAS_PREVIEW = 16;
/** The rule's two bits. */
const RULE_SHIFT = 5;
const UNKNOWN_FLAGS = 128;

const HASH_BYTES = 32;
const DIGEST_BYTES = 16;

/** The body of a version 1 record: all of it but the version byte before and the checksum after it. */
export type RecordV1 = Omit<SharedResult, 'aboveThreshold' | 'date' | 'positions'> & {
  readonly probabilities: readonly number[];
  /** Milliseconds since 1970, UTC. */
  readonly time: number;
};

/** @throws AppError `LINK_INVALID` for unknown flags or codes, text that is no UTF-8, and a record that ends early or late. */
export function readV1(body: Uint8Array): RecordV1 {
  const reader = new LinkReader(body);
  const flags = reader.uint8();
  if (flags & UNKNOWN_FLAGS) throw new AppError('LINK_INVALID', `The link has flags ${flags}, some of them unknown.`, { flags });
  const origin = reader.uint8();
  const text = (): string => reader.text(reader.uint8());
  const record: RecordV1 = {
    rule: pick(RULES, flags >> RULE_SHIFT, 'rule'),
    stage: pick(STAGES, origin & 15, 'stage'),
    backend: pick(BACKENDS, origin >> 4, 'backend'),
    sides: flags & FLIPPED ? 'flipped' : 'assumed',
    synthetic: (flags & SYNTHETIC) !== 0,
    time: reader.uint48(),
    inputDigest: bytesToHex(reader.bytes(DIGEST_BYTES)),
    probabilities: POSITION_IDS.map(() => reader.float64()),
    score: reader.float64(),
    threshold: reader.float64(),
    maxAbove: flags & HAS_MAX_ABOVE ? reader.float64() : undefined,
    pack: { sha256: bytesToHex(reader.bytes(HASH_BYTES)), name: text(), version: text() },
    app: text(),
    note: flags & HAS_NOTE ? reader.text(reader.uint16()) : undefined,
    preview: flags & HAS_PREVIEW ? readPreview(reader) : undefined,
  };
  reader.end();
  return record;
}

function pick<T>(values: readonly T[], code: number, field: string): T {
  if (code >= values.length)
    throw new AppError('LINK_INVALID', `The link's ${field} has the unknown code ${code}.`, { field, code });
  return values[code] as T;
}

/** The inverse of `readV1`, for a record that `checkShared` has passed. */
export function writeV1(record: RecordV1): Uint8Array {
  const { maxAbove, note, preview, pack } = record;
  const writer = new LinkWriter();
  writer.uint8(
    (record.sides === 'flipped' ? FLIPPED : 0) |
      (record.synthetic ? SYNTHETIC : 0) |
      (maxAbove === undefined ? 0 : HAS_MAX_ABOVE) |
      (note === undefined ? 0 : HAS_NOTE) |
      (preview === undefined ? 0 : HAS_PREVIEW) |
      (RULES.indexOf(record.rule) << RULE_SHIFT),
  );
  writer.uint8(STAGES.indexOf(record.stage) | (BACKENDS.indexOf(record.backend) << 4));
  writer.uint48(record.time);
  writer.bytes(hexToBytes(record.inputDigest));
  for (const probability of record.probabilities) writer.float64(probability);
  writer.float64(record.score);
  writer.float64(record.threshold);
  if (maxAbove !== undefined) writer.float64(maxAbove);
  writer.bytes(hexToBytes(pack.sha256));
  for (const text of [pack.name, pack.version, record.app]) {
    const bytes = new TextEncoder().encode(text);
    writer.uint8(bytes.length);
    writer.bytes(bytes);
  }
  if (note !== undefined) {
    const bytes = new TextEncoder().encode(note);
    writer.uint16(bytes.length);
    writer.bytes(bytes);
  }
  if (preview) writePreview(writer, preview);
  return writer.result;
}
