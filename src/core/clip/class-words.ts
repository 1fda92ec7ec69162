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

/**
 * The token of each row: the first row of the table that equals it once rounded to the type of `rows`, as the reference stores
 * prompts as halves beside a float32 table. Undefined where no row does.
 */
export function findTokens({ dtype, values }: EmbeddedRows, { width, values: table }: TokenTable): (number | undefined)[] {
  const count = Math.floor(values.length / width);
  const found = Array<number | undefined>(count).fill(undefined);
  const open = new Map<number, number[]>();
  for (let row = 0; row < count; row++) {
    const first = values[row * width] ?? 0;
    open.set(first, [...(open.get(first) ?? []), row]);
  }
  const firsts = roundTo(
    dtype,
    Float32Array.from({ length: Math.floor(table.length / width) }, (_, id) => table[id * width]!),
  );
  firsts.forEach((first, id) => {
    const candidates = open.get(first);
    if (!candidates) return;
    const rounded = roundTo(dtype, table.subarray(id * width, (id + 1) * width));
    for (const row of candidates)
      if (found[row] === undefined && rounded.every((value, i) => value === values[row * width + i])) found[row] = id;
  });
  return found;
}

function roundTo(dtype: DType, values: Float32Array): Float32Array {
  if (dtype === 'float16') return float16ToFloat32(float32ToFloat16(values));
  if (dtype === 'bfloat16') return bfloat16ToFloat32(float32ToBfloat16(values));
  return values;
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
