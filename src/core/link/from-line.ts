import * as v from 'valibot';
import { AppError } from '../errors.js';
import { ORIGIN_STATES, POSITION_IDS } from '../result.js';
import { toShared, type SharedResult } from './shared-result.js';

const LONGEST_LINE = 100_000;

const text = v.pipe(v.string(), v.maxLength(200));
const lineSchema = v.object({
  score: v.number(),
  rule: v.picklist(['max', 'mean', 'whole']),
  maxAbove: v.optional(v.number()),
  threshold: v.number(),
  aboveThreshold: v.boolean(),
  calibrated: v.optional(v.number()),
  chestCheck: v.optional(
    v.object({
      value: v.number(),
      threshold: v.number(),
      flagged: v.boolean(),
      reason: v.nullable(v.picklist(['upside-down', 'sideways', 'inverted', 'unfamiliar'])),
    }),
  ),
  positions: v.pipe(v.array(v.object({ id: v.picklist(POSITION_IDS), probability: v.number() })), v.length(5)),
  sides: v.picklist(['assumed', 'flipped']),
  backend: v.picklist(['webgpu', 'wasm', 'wasm-single', 'native']),
  pack: v.object({
    name: text,
    version: text,
    sha256: text,
    stage: v.optional(v.picklist(['early', 'release', 'imported', 'fixture'])),
    origin: v.optional(v.object({ file: text, sha256: text, state: v.picklist(ORIGIN_STATES) })),
  }),
  app: text,
  date: text,
  inputDigest: text,
});

/**
 * The result in a line that `score --json` printed, to be put into a link.
 *
 * @throws AppError `RESULT_INVALID` for what is no such line, or the line of a film that was not scored.
 */
export function sharedFromLine(line: string, note?: string): SharedResult {
  if (line.length > LONGEST_LINE)
    throw new AppError('RESULT_INVALID', `The line has ${line.length} characters, more than ${LONGEST_LINE}.`);
  let raw: unknown;
  try {
    raw = JSON.parse(line);
  } catch (cause) {
    throw new AppError('RESULT_INVALID', 'The line is not JSON.', {}, { cause });
  }
  if (typeof raw === 'object' && raw !== null && 'error' in raw)
    throw new AppError('RESULT_INVALID', 'The line is of a film that was not scored.');
  const parsed = v.safeParse(lineSchema, raw);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    const field = v.getDotPath(issue) ?? '(the line itself)';
    throw new AppError('RESULT_INVALID', `The line is no result: its field ${field} is wrong: ${issue.message}.`, { field });
  }
  const { sides, ...result } = parsed.output;
  const { calibrated, chestCheck, maxAbove, pack, ...rest } = result;
  const { origin, stage, ...identity } = pack;
  const shared = toShared(
    {
      ...rest,
      pack: { ...identity, ...(origin && { origin }) },
      ...(calibrated !== undefined && { calibrated }),
      ...(chestCheck && { chestCheck }),
    },
    { sides, note },
  );
  // Lines of earlier versions have neither.
  return { ...shared, maxAbove, stage };
}
