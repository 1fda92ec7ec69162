import * as v from 'valibot';
import { AppError } from '../errors.js';
import type { PackEvaluation } from '../result.js';

/** Beside a pack on disk: the line that `evaluate --json` printed of it. */
export const EVALUATION_NAME = 'evaluation.json';
/** A line that lists many failed films is long. */
export const EVALUATION_LIMIT = 1_000_000;

const films = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1e9));
const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const date = v.pipe(v.string(), v.maxLength(40), v.isoTimestamp());

export const evaluationSchema = v.object({ normal: films, abnormal: films, auroc: fraction, date });

const lineSchema = v.object({
  n: v.object({ normal: films, abnormal: films }),
  auroc: v.object({ value: fraction }),
  date,
  pack: v.object({ sha256: v.string() }),
});

/**
 * What a line of `evaluate --json` says of the pack with this hash.
 *
 * @throws AppError `RESULT_INVALID` for what is no such line, has no AUROC, or is of another pack.
 */
export function parseEvaluation(line: string, packSha256: string): PackEvaluation {
  const { n, auroc, date, pack } = check(lineSchema, parseJson(line));
  if (pack.sha256 !== packSha256)
    throw new AppError('RESULT_INVALID', 'The evaluation is of another pack.', { field: 'pack.sha256' });
  return { ...n, auroc: auroc.value, date };
}

/** @throws AppError `RESULT_INVALID` for counts that are none and numbers outside 0 to 1. */
export function checkEvaluation(evaluation: PackEvaluation): PackEvaluation {
  return check(evaluationSchema, evaluation);
}

function parseJson(line: string): unknown {
  if (line.length > EVALUATION_LIMIT)
    throw new AppError('RESULT_INVALID', `The evaluation has ${line.length} characters, more than ${EVALUATION_LIMIT}.`);
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new AppError('RESULT_INVALID', 'The evaluation is not JSON.', {}, { cause });
  }
}

function check<T>(schema: v.GenericSchema<unknown, T>, value: unknown): T {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  const field = v.getDotPath(issue) ?? '(the line itself)';
  throw new AppError('RESULT_INVALID', `The evaluation's field ${field} is wrong: ${issue.message}.`, { field });
}
