import { readFile } from 'node:fs/promises';
import { AppError } from '../core/errors.js';
import { importCheckpoint, type ImportedPack, type ImportRequest } from '../engine/import-checkpoint.js';
import type { PackSink } from '../engine/ports.js';
import { startImportProgress } from './import-progress.js';
import type { Io } from './io.js';
import { classesOf, stepsOf, storageOf } from './options.js';
import { openCheckpointFile, type OpenedCheckpointFile } from './ports/checkpoint-file.js';
import { startNodeHash } from './ports/hash.js';
import { defaultThreads, nodeRuntimes } from './ports/ort-runtime.js';

/** What the options of `CHECKPOINT` hold. */
export interface CheckpointOptions {
  readonly prompts?: string | undefined;
  readonly classes?: string | undefined;
  readonly storage?: string | undefined;
  readonly steps?: string | undefined;
  readonly 'zero-shot'?: boolean | undefined;
}

/** Imports `checkpoint` as the command line's options say; progress goes to standard error. */
export async function importFiles(
  checkpoint: OpenedCheckpointFile,
  options: CheckpointOptions,
  sink: PackSink,
  io: Io,
  more: Pick<ImportRequest, 'backbone' | 'keepText' | 'title'> = {},
): Promise<ImportedPack> {
  const zeroShot = options['zero-shot'] === true;
  if (zeroShot && options.prompts !== undefined)
    throw new AppError('USAGE', '--zero-shot leaves prompts aside; --prompts brings some.');
  const wishes = {
    zeroShot,
    classes: classesOf(options.classes),
    storage: storageOf(options.storage),
    steps: stepsOf(options.steps),
  };
  const prompts = options.prompts === undefined ? undefined : await openCheckpointFile(options.prompts);
  const { report, end } = startImportProgress();
  try {
    const [runtime] = nodeRuntimes(defaultThreads(), process.env['PPAD_RUNTIME']);
    const request = { checkpoint, prompts, ...wishes, ...more };
    const ports = { runtime: runtime!, sink, merges: () => readMerges(io), startHash: startNodeHash };
    return await importCheckpoint(request, ports, { signal: io.signal, onProgress: report });
  } finally {
    end();
    await prompts?.close();
  }
}

/** CLIP's merges: read only where words are tokenised. */
export function readMerges({ merges }: Pick<Io, 'merges'>): Promise<string> {
  return readFile(merges, 'utf8');
}
