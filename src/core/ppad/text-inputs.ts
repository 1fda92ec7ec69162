import { AppError } from '../errors.js';
import type { DType } from '../torch/tensor.js';
import type { TokenisedPrompt } from './prompt.js';

/** The text graph's inputs. */
export interface TextInputs {
  /** `[B, T, Wt]`, T being the longest prompt. */
  readonly embedded: { readonly dims: readonly number[]; readonly data: Float32Array };
  /** `[B, T]`, 1 at each prompt's end token. */
  readonly end: { readonly dims: readonly number[]; readonly data: Float32Array };
}

/** The rows of a token table, `[V, width]`: all of CLIP's tokens, or those that `rows` finds by their ids. */
export interface TokenTable {
  readonly width: number;
  readonly values: Float32Array;
  /** What they were stored as; float32 unless told otherwise. */
  readonly dtype?: DType;
  readonly rows?: ReadonlyMap<number, number>;
}

/**
 * Embeds prompts and puts the learned context `[words, Wt]` in the place of its stand-ins (ppad.md section 5). Prompts share one
 * length: what pads the shorter ones comes after their end token, where a causal tower does not look.
 *
 * @throws AppError `CHECKPOINT_INVALID` for a token that the table does not have.
 */
export function embedPrompts(
  prompts: readonly TokenisedPrompt[],
  table: TokenTable,
  context: Float32Array | undefined,
): TextInputs {
  const { width, values, rows } = table;
  const tokens = Math.max(...prompts.map(({ ids }) => ids.length));
  const embedded = new Float32Array(prompts.length * tokens * width);
  const end = new Float32Array(prompts.length * tokens);
  prompts.forEach(({ ids, contextStart }, row) => {
    ids.forEach((id, i) => {
      const from = (rows ? (rows.get(id) ?? Infinity) : id) * width;
      if (from + width > values.length)
        throw new AppError('CHECKPOINT_INVALID', `The token table has no row ${id}.`, { key: 'token_embedding.weight', id });
      embedded.set(values.subarray(from, from + width), (row * tokens + i) * width);
    });
    if (context && contextStart !== undefined) embedded.set(context, (row * tokens + contextStart) * width);
    end[row * tokens + ids.length - 1] = 1;
  });
  return {
    embedded: { dims: [prompts.length, tokens, width], data: embedded },
    end: { dims: [prompts.length, tokens], data: end },
  };
}
