import { hexToBytes } from '@noble/hashes/utils.js';
import { ORIGIN_STATES } from '../result.js';
import { LinkWriter } from './link-bytes.js';
import { writePreview } from './preview-writer.js';
import { BACKENDS, FLAG, REASONS, RULES, RULE_SHIFT, STAGES, type LinkRecord } from './record.js';

/** The inverse of `readV2`, and of `readV1` for a pack without origin; for a record that `checkShared` has passed. */
export function writeRecord(record: LinkRecord): Uint8Array {
  const { maxAbove, calibrated, chestCheck, note, preview, pack } = record;
  const writer = new LinkWriter();
  writer.uint16(
    (record.sides === 'flipped' ? FLAG.flipped : 0) |
      (record.synthetic ? FLAG.synthetic : 0) |
      (maxAbove === undefined ? 0 : FLAG.maxAbove) |
      (calibrated === undefined ? 0 : FLAG.calibrated) |
      (chestCheck === undefined ? 0 : FLAG.chestCheck) |
      (pack.origin ? FLAG.origin : 0) |
      (note === undefined ? 0 : FLAG.note) |
      (preview === undefined ? 0 : FLAG.preview) |
      (RULES.indexOf(record.rule) << RULE_SHIFT),
  );
  writer.uint8(STAGES.indexOf(record.stage) | (BACKENDS.indexOf(record.backend) << 4));
  writer.uint48(record.time);
  writer.bytes(hexToBytes(record.inputDigest));
  for (const probability of record.probabilities) writer.float64(probability);
  writer.float64(record.score);
  writer.float64(record.threshold);
  if (maxAbove !== undefined) writer.float64(maxAbove);
  if (calibrated !== undefined) writer.float64(calibrated);
  if (chestCheck) {
    writer.float64(chestCheck.value);
    writer.float64(chestCheck.threshold);
    writer.uint8(REASONS.indexOf(chestCheck.reason));
  }
  writer.bytes(hexToBytes(pack.sha256));
  for (const text of [pack.name, pack.version, record.app]) writeText(writer, text);
  if (pack.origin) {
    writer.uint8(ORIGIN_STATES.indexOf(pack.origin.state));
    writer.bytes(hexToBytes(pack.origin.sha256));
    writeText(writer, pack.origin.file);
  }
  if (note !== undefined) {
    const bytes = new TextEncoder().encode(note);
    writer.uint16(bytes.length);
    writer.bytes(bytes);
  }
  if (preview) writePreview(writer, preview);
  return writer.result;
}

function writeText(writer: LinkWriter, text: string): void {
  const bytes = new TextEncoder().encode(text);
  writer.uint8(bytes.length);
  writer.bytes(bytes);
}
