import { AppError } from '../errors.js';
import { damaged, unsupported } from './fault.js';
import type { FlatTensors } from './flatten.js';
import type { NamedTensor, StateDict } from './tensor.js';

/** What PPAD learned and what it saved beside it (ppad.md section 7). `Wt` is the text width. */
export interface PromptTensors {
  /** `[16, Wt]`: the context between a position's words and a class's. */
  readonly ctx: NamedTensor;
  /** `[1, N, W]`: what stands in for each masked patch. */
  readonly maskEmbedding: NamedTensor;
  /** `[classes, 1, Wt]`: the embedded start token. */
  readonly tokenPrefix: NamedTensor | undefined;
  /** `[classes, 60, Wt]`: the embedded class words and all that follows. */
  readonly tokenSuffix: NamedTensor | undefined;
}

interface Common {
  /** Keys as the file has them that are not used, in the file's order. */
  readonly surplus: readonly string[];
}

/** What a checkpoint is, by its keys. `clip` has OpenAI's names, without any prefix. */
export type Recognised =
  | (Common & { readonly kind: 'clip'; readonly clip: StateDict })
  | (Common & { readonly kind: 'ppad'; readonly clip: StateDict; readonly prompts: PromptTensors })
  | (Common & { readonly kind: 'ppad-prompts'; readonly prompts: PromptTensors });

const LEARNER = 'prompt_learner_ctx.';
const MASK_KEY = 'image_mask_learner.mask_embedding';
const PROMPT_KEYS = ['ctx', 'token_prefix', 'token_suffix'];

// Everything of the image tower is kept, so that a tower of another kind is refused for what it is and not for what it lacks.
const CLIP_KEY =
  /^(visual\.|transformer\.resblocks\.|token_embedding\.weight$|ln_final\.|(positional_embedding|text_projection|logit_scale)$)/;

/** Folders in which training scripts put a state dict; `module` is what parallel training adds, anywhere. */
const WRAPPERS = new Set(['state_dict', 'model_state_dict', 'model']);

const FOREIGN: readonly (readonly [key: RegExp, what: string])[] = [
  [/(^|\.)vision_model\.embeddings\./, "a CLIP with Hugging Face's names"],
  [/(^|\.)visual\.trunk\./, 'a CLIP with an image tower of timm'],
];

/**
 * Sorts a checkpoint's tensors by their keys: a CLIP, a PPAD checkpoint with its CLIP inside, or PPAD's prompts alone. Shapes
 * are not looked at here.
 *
 * @throws AppError `CHECKPOINT_UNSUPPORTED` for what is none of these, `CHECKPOINT_MISSING_KEY` for prompts without `ctx` or
 * `mask_embedding`, `CHECKPOINT_INVALID` where two keys mean the same tensor.
 */
export function recognise({ tensors, skipped }: FlatTensors): Recognised {
  const plain = new Map<string, { readonly key: string; readonly tensor: NamedTensor }>();
  for (const [key, tensor] of tensors) {
    const name = plainName(key);
    const twin = plain.get(name);
    if (twin) throw damaged(`The checkpoint holds ${name} twice: as ${twin.key} and as ${key}.`, { key });
    plain.set(name, { key, tensor });
  }
  const take = (name: string): NamedTensor | undefined => {
    const found = plain.get(name);
    plain.delete(name);
    return found?.tensor;
  };

  const hasPrompts = [MASK_KEY, ...PROMPT_KEYS.map((key) => LEARNER + key)].some((key) => plain.has(key));
  const prefix = hasPrompts ? `${LEARNER}clip_model.` : '';
  for (const { key, type } of skipped) {
    const name = plainName(key);
    if (name === MASK_KEY || PROMPT_KEYS.includes(name.slice(LEARNER.length)) || isClipKey(name, prefix))
      throw unsupported(`Tensor ${key} is a ${type}; float32, float16 and bfloat16 are read.`, { key });
  }
  const prompts = hasPrompts ? takePrompts(take) : undefined;
  const clip = new Map<string, NamedTensor>();
  for (const [name, { tensor }] of plain) if (isClipKey(name, prefix)) clip.set(name.slice(prefix.length), tensor);
  for (const name of clip.keys()) plain.delete(prefix + name);
  const surplus = [...[...plain.values()].map(({ key }) => key), ...skipped.map(({ key }) => key)];

  if (prompts) return clip.size > 0 ? { kind: 'ppad', clip, prompts, surplus } : { kind: 'ppad-prompts', prompts, surplus };
  const foreign = FOREIGN.find(([pattern]) => [...tensors.keys()].some((key) => pattern.test(key)));
  if (foreign) throw unsupported(`The checkpoint is ${foreign[1]}; those with OpenAI's names are read.`);
  if (![...clip.keys()].some((name) => name.startsWith('visual.'))) throw refuse([...tensors.keys()]);
  return { kind: 'clip', clip, surplus };
}

function isClipKey(name: string, prefix: string): boolean {
  return name.startsWith(prefix) && CLIP_KEY.test(name.slice(prefix.length));
}

/** `state_dict.module.visual.proj` is `visual.proj`. */
function plainName(key: string): string {
  const segments = key.split('.').filter((segment) => segment !== 'module');
  while (segments.length > 1 && WRAPPERS.has(segments[0] ?? '')) segments.shift();
  return segments.join('.');
}

function takePrompts(take: (name: string) => NamedTensor | undefined): PromptTensors {
  const required = (name: string): NamedTensor => {
    const tensor = take(name);
    if (!tensor) throw new AppError('CHECKPOINT_MISSING_KEY', `The PPAD checkpoint lacks ${name}.`, { key: name });
    return tensor;
  };
  return {
    ctx: required(`${LEARNER}ctx`),
    maskEmbedding: required(MASK_KEY),
    tokenPrefix: take(`${LEARNER}token_prefix`),
    tokenSuffix: take(`${LEARNER}token_suffix`),
  };
}

function refuse(keys: readonly string[]): AppError {
  const [first] = keys;
  if (first === undefined) return unsupported('The checkpoint holds no tensors.');
  return unsupported(
    `The checkpoint is neither a CLIP nor PPAD's prompts: of its ${keys.length} tensors the first is ${first}.`,
    {
      tensors: keys.length,
      first,
    },
  );
}
