import { createTokenizer } from '../../core/clip/tokenizer.js';
import { AppError } from '../../core/errors.js';
import { inspectCheckpoint, type CheckpointFacts } from '../../engine/inspect-checkpoint.js';
import { EXIT } from '../advice.js';
import { readMerges } from '../import-files.js';
import type { Io } from '../io.js';
import { HELP, parse } from '../options.js';
import { openCheckpointFile } from '../ports/checkpoint-file.js';

/** `inspect`: what a checkpoint is and what would be made of it. */
export async function inspectCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parse(args, { ...HELP, json: { type: 'boolean' } });
  const [path, ...rest] = positionals;
  if (path === undefined || rest.length > 0) throw new AppError('USAGE', 'inspect takes one checkpoint.');
  const file = await openCheckpointFile(path);
  try {
    const facts = await inspectCheckpoint(file, { tokenizer: createTokenizer(await readMerges(io)) });
    await io.print(values.json === true ? `${JSON.stringify(facts)}\n` : describe(facts));
    return EXIT.done;
  } finally {
    await file.close();
  }
}

const KINDS: Readonly<Record<CheckpointFacts['kind'], string>> = {
  clip: 'a CLIP without prompts',
  ppad: 'a PPAD checkpoint with its CLIP inside',
  'ppad-prompts': "PPAD's prompts alone",
};

const BUILDS: Readonly<Record<CheckpointFacts['willBuild'], string>> = {
  'learned-prompts': 'a pack with learned prompts',
  'zero-shot': "a zero-shot pack: the whole film's score, positions without learned prompts",
  'needs-backbone': 'nothing by itself: the CLIP that the prompts were learned with is needed',
};

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

function describe(facts: CheckpointFacts): string {
  const { vision, textTower: text, packBytes, classes, surplus, tensors } = facts;
  const rows: [string, string][] = [
    ['file', `${facts.file}: ${KINDS[facts.kind]} (${facts.container}), ${megabytes(facts.bytes)}`],
    ['would build', BUILDS[facts.willBuild]],
  ];
  if (vision)
    rows.push([
      'vision',
      `${vision.layers} blocks of ${vision.width}, ${vision.grid.join(' x ')} patches of a side of ${vision.side} pixels, ${(vision.parameters / 1e6).toFixed(1)} M parameters`,
    ]);
  if (text) rows.push(['text', `${text.layers} blocks of ${text.width}, ${text.vocabulary} tokens, context of ${text.context}`]);
  if (facts.kind !== 'clip') rows.push(['classes', classes?.join(', ') ?? 'not found in the file']);
  if (packBytes)
    for (const [storage, { vision: own, text: more }] of Object.entries(packBytes))
      rows.push([storage, `${megabytes(own)}, with the text tower ${megabytes(own + more)}`]);
  rows.push(['not used', surplus.length === 0 ? 'nothing' : surplus.join(', ')]);
  rows.push(['tensors', String(tensors.length)]);
  const width = Math.max(...tensors.map(({ key }) => key.length));
  return [
    ...rows.map(([name, value]) => `${name.padEnd(11)} ${value}`),
    ...tensors.map(
      ({ key, dtype, dims }) => `  ${key.padEnd(width)}  ${dtype.padEnd(8)}  ${dims.length === 0 ? 'scalar' : dims.join(' x ')}`,
    ),
    '',
  ].join('\n');
}
