import type { Manifest } from '../core/pack/manifest.js';
import { PPAD_RULE } from '../core/ppad/scoring.js';
import type { CheckpointFile, OpenedCheckpoint } from './inspect-checkpoint.js';
import type { PromptWords } from './text-features.js';
import type { PackMeta } from './write-pack.js';

interface ImportFacts {
  readonly request: {
    readonly checkpoint: CheckpointFile;
    readonly prompts?: CheckpointFile | undefined;
    readonly title?: string | undefined;
  };
  readonly opened: OpenedCheckpoint;
  readonly words: PromptWords;
  /** SHA-256 of the checkpoint and of the file of prompts. */
  readonly hashes: readonly string[];
  readonly textTower: Manifest['textTower'];
  readonly backbone: { readonly name: string; readonly sha256: string } | undefined;
}

/** What the manifest of an imported pack says beside its numbers. The same import gives the same: there is no date in it. */
export function importMeta({ request, opened, words, hashes, textTower, backbone }: ImportFacts): PackMeta {
  const { checkpoint, prompts, title } = request;
  const zeroShot = words.prompting === 'zero-shot';
  return {
    name: packName(checkpoint.name),
    packVersion: '1.0.0',
    title: (title ?? checkpoint.name).slice(0, 200),
    stage: 'imported',
    classes: [...words.classes],
    prompting: words.prompting,
    rule: zeroShot ? { kind: 'whole' } : { ...PPAD_RULE },
    threshold: { value: 0.5, how: "The reference implementation's; set on no films here." },
    ...(textTower && { textTower }),
    origin: {
      file: checkpoint.name.slice(0, 200),
      bytes: checkpoint.source.byteLength,
      sha256: hashes[0]!,
      kind: opened.recognised.kind,
      ...(prompts && { prompts: { file: prompts.name.slice(0, 200), sha256: hashes[1]! } }),
      ...(backbone && { backbone }),
    },
    licence: "The checkpoint's own, which this program does not know.",
    trainingData: [],
    metrics: [],
  };
}

/** A file's name as a pack's: lower case, what is not a letter or digit becomes a dash. */
function packName(file: string): string {
  const plain = file
    .replace(/\.(pt|pth|bin|ckpt|safetensors)$/i, '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '')
    .slice(0, 64);
  return plain === '' ? 'checkpoint' : plain;
}
