import * as v from 'valibot';
import { evaluationSchema } from '../../core/pack/evaluation.js';
import type { PackEvaluation } from '../../core/result.js';

/** What the library knows of a pack besides the pack itself; a pack without it is whole all the same. */
export interface PackRecord {
  /** The reader's name for it; the pack's own title if undefined. */
  readonly label: string | undefined;
  /** ISO 8601, UTC. */
  readonly added: string;
  /** The file that it came from, by its name. */
  readonly file: string | undefined;
  /** When it was deleted; it can be taken back until it is erased. */
  readonly deleted: string | undefined;
  /** What its user has measured with it. */
  readonly evaluation: PackEvaluation | undefined;
}

export const LONGEST_LABEL = 120;

const text = v.pipe(v.string(), v.maxLength(1000));
const schema = v.object({
  version: v.literal(1),
  label: v.optional(v.pipe(v.string(), v.maxLength(LONGEST_LABEL))),
  added: text,
  file: v.optional(text),
  deleted: v.optional(text),
  evaluation: v.optional(evaluationSchema),
});

/** Reads a record; undefined for one that is damaged, or from another version of this page. */
export function parseRecord(json: string): PackRecord | undefined {
  try {
    const { label, added, file, deleted, evaluation } = v.parse(schema, JSON.parse(json));
    return { label, added, file, deleted, evaluation };
  } catch {
    return undefined;
  }
}

export function writeRecord(record: PackRecord): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ version: 1, ...record }));
}

/** A label as it is kept: one line, no blanks around it; undefined for nothing. */
export function cleanLabel(label: string): string | undefined {
  const line = label.replace(/[\s\u0000-\u001f\u007f]+/g, ' ').trim();
  return line === '' ? undefined : line.slice(0, LONGEST_LABEL);
}
