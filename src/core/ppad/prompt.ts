/** Context words that a prompt leaves room for: `ctx` is `[16, Wt]`. */
export const CONTEXT_WORDS = 16;

/** PPAD's words of the five positions, in the method's order; checkpoints were trained on them. */
export const POSITION_WORDS = ['left lung', 'right lung', 'upper lung', 'lower lung', ''] as const;

export interface Prompt {
  /** What is tokenised: sixteen `X`, each one token, hold the place of the learned context. */
  readonly text: string;
  /** The position's words, empty for the whole film: their tokens precede the context. */
  readonly before: string;
}

/**
 * The prompt of a class at a position, `"<position> X X ... X <class>."`; without a position the leading blank goes, and `_` in
 * class words stands for a blank (ppad.md section 5).
 */
export function composePrompt(position: string, className: string): Prompt {
  const before = position.trim();
  const context = Array<string>(CONTEXT_WORDS).fill('X').join(' ');
  const words = `${context} ${className.replaceAll('_', ' ')}.`;
  return { text: before === '' ? words : `${before} ${words}`, before };
}

/** A tokenised prompt: ids from start to end token, without padding. */
export interface TokenisedPrompt {
  readonly ids: readonly number[];
  /** Index of the first context token; undefined for a prompt without learned context (zero-shot). */
  readonly contextStart: number | undefined;
}

/**
 * `composePrompt`, tokenised; the context begins right behind the start token and the position's words.
 *
 * @param encode CLIP's tokenizer: ids with start and end token.
 * @throws AppError `TEXT_TOO_LONG` from `encode`.
 */
export function tokenisePrompt(
  encode: (text: string) => readonly number[],
  position: string,
  className: string,
): TokenisedPrompt {
  const { text, before } = composePrompt(position, className);
  return { ids: encode(text), contextStart: encode(before).length - 1 };
}
