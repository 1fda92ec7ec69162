import type { ErrorDetail } from '../../core/errors.js';

/** The facts of errors that have words in each language (`errorFacts`): what is wrong, and where. */
const NAMED = [
  'key',
  'global',
  'element',
  'offset',
  'entry',
  'storage',
  'file',
  'field',
  'word',
  'tokens',
  'most',
  'needed',
  'left',
  'bytes',
  'backend',
] as const;

export type FactName = (typeof NAMED)[number];

/** What an error's detail names, in an order fit to be read. */
export function errorFacts(detail: ErrorDetail): readonly (readonly [FactName, string])[] {
  return NAMED.flatMap((name) => {
    const value = detail[name];
    return value === undefined ? [] : [[name, String(value)] as const];
  });
}
