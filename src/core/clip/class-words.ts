import { tokenisePrompt } from '../ppad/prompt.js';
import type { TokenTable } from '../ppad/text-inputs.js';
import { bfloat16ToFloat32, float16ToFloat32, float32ToBfloat16, float32ToFloat16 } from '../torch/half.js';
import type { DType } from '../torch/tensor.js';
import type { ClipTokenizer } from './tokenizer.js';

/** Rows of a token table as a checkpoint stores them beside its prompts, `[rows, width]`. */
export interface EmbeddedRows {
  readonly dtype: DType;
  readonly values: Float32Array;
}

const ROUND: Partial<Readonly<Record<DType, (values: Float32Array) => Float32Array>>> = {
  float16: (values) => float16ToFloat32(float32ToFloat16(values)),
  bfloat16: (values) => bfloat16ToFloat32(float32ToBfloat16(values)),
};

/**
 * The token of each row: the first row of the table that equals it. Prompts and table may be stored as different types, as the
 * reference stores prompts as halves beside a float32 table: then both are rounded to the coarser one. Undefined where no row does.
 */
export function findTokens({ dtype, values }: EmbeddedRows, table: TokenTable): (number | undefined)[] {
  const { width, dtype: stored = 'float32' } = table;
  const coarser = dtype in ROUND ? dtype : stored;
  const rows = roundTo(coarser, values);
  const same = dtype in ROUND && stored in ROUND && dtype !== stored ? isNear : isEqual;
  const count = Math.floor(values.length / width);
  const found = Array<number | undefined>(count).fill(undefined);
  const ids = Math.floor(table.values.length / width);
  const firsts = roundTo(
    coarser,
    Float32Array.from({ length: ids }, (_, id) => table.values[id * width]!),
  );
  for (let id = 0; id < ids; id++) {
    let rounded: Float32Array | undefined;
    for (let row = 0; row < count; row++) {
      if (found[row] !== undefined || !same(firsts[id]!, rows[row * width]!)) continue;
      rounded ??= roundTo(coarser, table.values.subarray(id * width, (id + 1) * width));
      if (rounded.every((value, i) => same(value, rows[row * width + i]!))) found[row] = id;
    }
  }
  return found;
}

function roundTo(dtype: DType, values: Float32Array): Float32Array {
  return ROUND[dtype]?.(values) ?? values;
}

const isEqual = (a: number, b: number): boolean => a === b;

/** Whether two numbers may be one, once rounded to float16 and once to bfloat16: a step of bfloat16 apart, of float16 near zero. */
function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= Math.max(2 ** -7 * Math.max(Math.abs(a), Math.abs(b)), 2 ** -24);
}

/**
 * The class words behind PPAD's `token_suffix`: its tokens up to the end token, the full stop left out. A suffix of a position with
 * words begins with stand-ins of the context, which are left out too. Undefined if no words make just these tokens.
 */
export function readClassWords(suffix: readonly (number | undefined)[], tokenizer: ClipTokenizer): string | undefined {
  const end = suffix.indexOf(tokenizer.endId);
  if (end < 0) return undefined;
  const ids = suffix.slice(0, end);
  const standIn = tokenizer.encode('X')[1];
  const from = ids.findIndex((id) => id !== standIn);
  const stop = tokenizer.encode('.')[1];
  const own = ids.slice(from, ids.at(-1) === stop ? -1 : undefined);
  if (from < 0 || own.length === 0 || own.some((id) => id === undefined)) return undefined;
  const words = tokenizer.decode(own as number[]);
  const again = tokenisePrompt((text) => tokenizer.encode(text), '', words).ids;
  const same = [...own, stop, tokenizer.endId].every((id, i, all) => id === again[again.length - all.length + i]);
  return same && words !== '' ? words : undefined;
}
