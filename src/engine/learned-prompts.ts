import { findTokens } from '../core/clip/class-words.js';
import type { ClipTokenizer } from '../core/clip/tokenizer.js';
import { AppError } from '../core/errors.js';
import type { DenseTensor } from '../core/pack/prompt-set.js';
import { CONTEXT_WORDS, POSITION_WORDS } from '../core/ppad/prompt.js';
import type { TokenTable } from '../core/ppad/text-inputs.js';
import type { PromptTensors } from '../core/torch/recognise.js';
import type { NamedTensor } from '../core/torch/tensor.js';
import type { Classes } from './model.js';
import { openRecognised, readClasses, type CheckpointFile, type OpenedCheckpoint } from './inspect-checkpoint.js';
import { ZERO_SHOT_CLASSES, type PromptWords } from './text-features.js';
import type { Towers } from './towers.js';

/** What PPAD learned, read, and the tensors beside it. */
export interface Learned {
  readonly tensors: PromptTensors;
  /** `[16, Wt]`. */
  readonly context: DenseTensor;
  /** `[1, N, W]`. */
  readonly maskEmbedding: DenseTensor;
}

/**
 * The learned prompts of an import: those of the file of prompts, else those inside the checkpoint; undefined for a bare CLIP.
 *
 * @throws AppError `BACKBONE_MISMATCH` for prompts of other widths than the towers, `CHECKPOINT_*`.
 */
export async function readLearned(
  { recognised }: OpenedCheckpoint,
  file: CheckpointFile | undefined,
  towers: Towers,
): Promise<Learned | undefined> {
  const source = file ? (await openRecognised(file)).recognised : recognised;
  if (source.kind === 'clip') {
    if (!file) return undefined;
    throw new AppError('CHECKPOINT_MISSING_KEY', `The file of prompts, ${file.name}, is a CLIP without prompts.`, {
      key: 'prompt_learner_ctx.ctx',
    });
  }
  const { grid, width } = towers.architecture;
  const { prompts } = source;
  return {
    tensors: prompts,
    context: await readFitting('prompt_learner_ctx.ctx', prompts.ctx, [CONTEXT_WORDS, towers.text.sizes.width]),
    maskEmbedding: await readFitting('image_mask_learner.mask_embedding', prompts.maskEmbedding, [1, grid[0] * grid[1], width]),
  };
}

async function readFitting(key: string, tensor: NamedTensor, dims: readonly number[]): Promise<DenseTensor> {
  if (tensor.dims.length !== dims.length || !dims.every((size, i) => size === tensor.dims[i]))
    throw new AppError(
      'BACKBONE_MISMATCH',
      `The prompts do not fit the CLIP: ${key} has the shape [${tensor.dims.join(', ')}], not [${dims.join(', ')}].`,
      { key },
    );
  return { dims, data: await tensor.read() };
}

/**
 * The words that an import's prompts are made of. Learned prompts are compared with the token table first: their embedded tokens
 * must be rows of it, or they were learned with another CLIP.
 *
 * @throws AppError `BACKBONE_MISMATCH`, `CLASSES_UNKNOWN`.
 */
export async function wordsOf(
  learned: Learned | undefined,
  wished: Classes | undefined,
  table: TokenTable,
  tokenizer: ClipTokenizer,
): Promise<PromptWords> {
  const positions = [...POSITION_WORDS];
  if (!learned) return { prompting: 'zero-shot', classes: wished ?? ZERO_SHOT_CLASSES, positions };
  await checkRows('token_prefix', learned.tensors.tokenPrefix, table);
  await checkRows('token_suffix', learned.tensors.tokenSuffix, table);
  const classes = wished ?? (await readClasses(learned.tensors, table, tokenizer));
  if (!classes) throw new AppError('CLASSES_UNKNOWN', 'The checkpoint does not tell the class words of its prompts.');
  return { prompting: 'learned', classes, positions };
}

async function checkRows(name: string, tensor: NamedTensor | undefined, table: TokenTable): Promise<void> {
  if (!tensor) return;
  const key = `prompt_learner_ctx.${name}`;
  if (tensor.dims.at(-1) !== table.width)
    throw new AppError(
      'BACKBONE_MISMATCH',
      `The prompts do not fit the CLIP: ${key} is of width ${tensor.dims.at(-1) ?? 0}, not ${table.width}.`,
      {
        key,
      },
    );
  const tokens = findTokens({ dtype: tensor.dtype, values: await tensor.read() }, table);
  const row = tokens.indexOf(undefined);
  if (row >= 0)
    throw new AppError(
      'BACKBONE_MISMATCH',
      `The prompts were learned with another CLIP: row ${row} of ${key} is not in its token table.`,
      {
        key,
        row,
      },
    );
}
