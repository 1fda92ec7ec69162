import * as v from 'valibot';
import { AppError } from '../errors.js';

/** The largest list of tokens: CLIP's 49,408 with their words are far below. */
export const TOKENS_LIMIT = 4_000_000;

const schema = v.object({
  /** CLIP's token ids, the i-th being row i of the token table. */
  ids: v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000_000))),
});

/**
 * Which row of a small token table each of CLIP's ids has (docs/formats.md).
 *
 * @throws AppError `PACK_INVALID` for what is no such list, or not of `vocabulary` different ids.
 */
export function parseTokenRows(bytes: Uint8Array, vocabulary: number): ReadonlyMap<number, number> {
  let raw: unknown;
  try {
    raw = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new AppError('PACK_INVALID', "The pack's list of tokens is not JSON.", {}, { cause });
  }
  const parsed = v.safeParse(schema, raw);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    const field = v.getDotPath(issue) ?? '(root)';
    throw new AppError('PACK_INVALID', `The pack's list of tokens is wrong at ${field}: ${issue.message}.`, { field });
  }
  const rows = new Map(parsed.output.ids.map((id, row) => [id, row]));
  if (rows.size !== vocabulary || parsed.output.ids.length !== vocabulary)
    throw new AppError(
      'PACK_INVALID',
      `The pack's list of tokens has ${rows.size} different ids, its token table ${vocabulary} rows.`,
      {
        tokens: rows.size,
        vocabulary,
      },
    );
  return rows;
}
