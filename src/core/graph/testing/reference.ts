import { decode } from 'fast-png';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openCheckpoint } from '../../torch/open-checkpoint.js';
import { recognise, type PromptTensors } from '../../torch/recognise.js';
import { byteSource, type StateDict } from '../../torch/tensor.js';

/** Where they lie. */
export const REFERENCE = fileURLToPath(new URL('../../../../../shared/reference/', import.meta.url));

/** The recordings lie beside the project, not in it. */
export const REFERENCE_IS_THERE = existsSync(`${REFERENCE}patch32/expected.json`);

type Pair = readonly [number, number];

/** `expected.json` of a folder of the reference. */
export interface Expected {
  readonly positions: readonly string[];
  readonly classes: readonly string[];
  readonly logit_scale_exp: number;
  readonly images: Readonly<
    Record<string, { readonly logits: readonly Pair[]; readonly probabilities: readonly number[]; readonly score: number }>
  >;
  readonly token_ids: Readonly<Record<string, readonly (readonly number[])[]>>;
  readonly patch_masks: readonly (readonly number[])[];
  readonly text_features: Readonly<Record<string, readonly (readonly number[])[]>>;
  readonly classes_override: { readonly classes: readonly string[]; readonly image: string; readonly logits: readonly Pair[] };
  readonly zero_shot: { readonly token_ids: readonly (readonly number[])[]; readonly logits: Readonly<Record<string, Pair>> };
}

export const FOLDERS = ['patch32', 'patch16-half', 'patch14-mixed'] as const;
export type Folder = (typeof FOLDERS)[number];

/** The checkpoint of a folder, and its prompts where they are a file of their own. */
export const REFERENCE_FILES: Readonly<Record<Folder, { readonly clip: string; readonly prompts?: string }>> = {
  patch32: { clip: 'ppad.pt' },
  'patch16-half': { clip: 'clip.pt', prompts: 'prompts.pt' },
  'patch14-mixed': { clip: 'ppad.pt' },
};

export function readExpected(folder: Folder): Expected {
  return JSON.parse(readFileSync(`${REFERENCE}${folder}/expected.json`, 'utf8')) as Expected;
}

/** A folder's CLIP and prompts, through our own reader. */
export async function readCheckpoint(folder: Folder): Promise<{ readonly clip: StateDict; readonly prompts: PromptTensors }> {
  const { clip, prompts = clip } = REFERENCE_FILES[folder];
  const open = async (file: string) =>
    recognise(await openCheckpoint(byteSource(new Uint8Array(readFileSync(`${REFERENCE}${folder}/${file}`)))));
  const [tower, learned] = [await open(clip), await open(prompts)];
  if (tower.kind === 'ppad-prompts' || learned.kind === 'clip') throw new Error(`${folder} is not what its README says.`);
  return { clip: tower.clip, prompts: learned.prompts };
}

/** A film as Pillow made it, normalised: `[1, 3, 224, 224]`. */
export function readPixels(film: string): { readonly dims: readonly number[]; readonly data: Float32Array } {
  const { data: grey } = decode(readFileSync(`${REFERENCE}patch32/${film.replace(/\.\w+$/, '')}.resized.png`));
  const plane = 224 * 224;
  const data = Float32Array.from({ length: 3 * plane }, (_, i) => ((grey[i % plane] ?? NaN) / 255 - 0.39799) / 0.32721349);
  return { dims: [1, 3, 224, 224], data };
}
