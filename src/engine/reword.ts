import { createTokenizer } from '../core/clip/tokenizer.js';
import { AppError } from '../core/errors.js';
import type { DenseTensor } from '../core/pack/prompt-set.js';
import type { LoadedPack } from './load-pack.js';
import type { Classes } from './model.js';
import { textOfPack } from './pack-towers.js';
import type { PackSource, PackStore, RunOptions, Runtime } from './ports.js';
import { embedWords, runTextGraph, type PromptWords } from './text-features.js';

export interface RewordPorts {
  /** Where the pack's text tower is read from; only then are its files. */
  readonly source: PackSource;
  readonly store?: PackStore | undefined;
  readonly runtime: Runtime;
  /** CLIP's merges (`public/tokenizer/clip-merges.txt`). */
  readonly merges: () => Promise<string>;
}

/**
 * The text features of a pack for other class words, `[5, 2, E]`: for `Model.reword`. A zero-shot pack takes the two as whole prompts,
 * one with learned prompts puts them behind its context.
 *
 * @throws AppError `BACKBONE_NEEDED` for a pack without its text tower or, with learned prompts, without their context; `TEXT_TOO_LONG`;
 * `PACK_*` as reading a pack does.
 */
export async function computeTextFeatures(
  { manifest, prompts }: Pick<LoadedPack, 'manifest' | 'prompts'>,
  classes: Classes,
  { source, store, runtime, merges }: RewordPorts,
  { signal }: RunOptions = {},
): Promise<DenseTensor> {
  const text = textOfPack(manifest, { source, store, signal });
  const { prompting = 'learned' } = manifest;
  const learned = prompts.context?.data;
  if (prompting === 'learned' && !learned)
    throw new AppError('BACKBONE_NEEDED', `The pack ${manifest.name} holds no learned context to put other words behind.`, {
      pack: manifest.name,
    });
  const words: PromptWords = { prompting, classes, positions: manifest.positions.map(({ prompt }) => prompt) };
  const tokenizer = createTokenizer(await merges());
  const inputs = embedWords(words, tokenizer, await text.table(), { context: text.sizes.context, learned });
  return runTextGraph(runtime, await text.graph(), inputs, words);
}
