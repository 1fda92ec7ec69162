import type { ClipTokenizer } from '../core/clip/tokenizer.js';
import { AppError } from '../core/errors.js';
import type { Manifest } from '../core/pack/manifest.js';
import type { DenseTensor } from '../core/pack/prompt-set.js';
import { tokenisePrompt, type TokenisedPrompt } from '../core/ppad/prompt.js';
import { embedPrompts, type TextInputs, type TokenTable } from '../core/ppad/text-inputs.js';
import type { Classes } from './model.js';
import type { Graph, Runtime } from './ports.js';

/** `learned`: PPAD's context between a position's words and a class's; `zero-shot`: each class is a whole prompt. */
export type Prompting = NonNullable<Manifest['prompting']>;

/** CheXzero's pair, the baseline of the method (ppad.md section 5). */
export const ZERO_SHOT_CLASSES: Classes = ['normal.', 'pneumonia.'];

export interface PromptWords {
  readonly prompting: Prompting;
  readonly classes: Classes;
  /** The words of the five positions as the prompts have them. */
  readonly positions: readonly string[];
}

/** The prompts of a pack in the order of its text features: for learned prompts ten, for zero-shot two. */
export function tokenisePrompts({ prompting, classes, positions }: PromptWords, tokenizer: ClipTokenizer): TokenisedPrompt[] {
  const encode = (text: string): number[] => tokenizer.encode(text);
  if (prompting === 'zero-shot') return classes.map((text) => ({ ids: encode(text), contextStart: undefined }));
  return positions.flatMap((position) => classes.map((words) => tokenisePrompt(encode, position, words)));
}

/**
 * The text graph's inputs for a pack's prompts.
 *
 * @throws AppError `WORDS_UNKNOWN` naming what a small token table does not have, `TEXT_TOO_LONG` beyond `context` tokens, `CHECKPOINT_INVALID` for a token that the table does not have.
 */
export function embedWords(
  words: PromptWords,
  tokenizer: ClipTokenizer,
  table: TokenTable,
  { context, learned }: { readonly context: number; readonly learned: Float32Array | undefined },
): TextInputs {
  const prompts = tokenisePrompts(words, tokenizer);
  const tokens = Math.max(...prompts.map(({ ids }) => ids.length));
  if (tokens > context)
    throw new AppError('TEXT_TOO_LONG', `The text makes ${tokens} tokens, ${context} fit.`, { tokens, most: context });
  const unknown = prompts.flatMap(({ ids }) => ids).find((id) => table.rows?.has(id) === false);
  if (unknown !== undefined) {
    const word = tokenizer.decode([unknown]).trim();
    throw new AppError('WORDS_UNKNOWN', `The model's text tower has never seen “${word}”.`, { word });
  }
  return embedPrompts(prompts, table, learned);
}

/**
 * Text features `[5, 2, E]` of a pack: the text graph's rows, repeated at each position where prompts are the same everywhere.
 *
 * @throws AppError `CHECKPOINT_INVALID` for weights that give no finite numbers, and as `runtime` does.
 */
export async function runTextGraph(
  runtime: Runtime,
  graph: Graph,
  inputs: TextInputs,
  { prompting, positions }: Pick<PromptWords, 'prompting' | 'positions'>,
): Promise<DenseTensor> {
  const session = await runtime.open(graph);
  try {
    const { features } = await session.run({ ...inputs });
    const rows = inputs.end.dims[0] ?? 1;
    const embed = (features?.data.length ?? 0) / rows;
    if (!features || !features.data.every(Number.isFinite))
      throw new AppError('CHECKPOINT_INVALID', "The text tower's tensors give features that are not finite numbers.");
    const data = new Float32Array(positions.length * 2 * embed);
    const once = prompting === 'zero-shot' ? positions.length : 1;
    for (let i = 0; i < once; i++) data.set(features.data, i * features.data.length);
    return { dims: [positions.length, 2, embed], data };
  } finally {
    await session.release();
  }
}
