import { hexToBytes } from '@noble/hashes/utils.js';
import { LinkWriter } from './link-bytes.js';
import { writePreview } from './preview-writer.js';
import { BACKENDS, FLAG, REASONS, RULES, RULE_SHIFT, STAGES, type RecordV1 } from './record-v1.js';

/** The inverse of `readV1`, for a record that `checkShared` has passed. */
export function writeV1(record: RecordV1): Uint8Array {
  const { maxAbove, calibrated, chestCheck, note, preview, pack } = record;
  const writer = new LinkWriter();
  writer.uint16(
    (record.sides === 'flipped' ? FLAG.flipped : 0) |
      (record.synthetic ? FLAG.synthetic : 0) |
      (maxAbove === undefined ? 0 : FLAG.maxAbove) |
      (calibrated === undefined ? 0 : FLAG.calibrated) |
      (chestCheck === undefined ? 0 : FLAG.chestCheck) |
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
