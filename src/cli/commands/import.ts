import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { AppError } from '../../core/errors.js';
import type { PackSink } from '../../engine/ports.js';
import { EXIT } from '../advice.js';
import { importFiles } from '../import-files.js';
import type { Io } from '../io.js';
import { CHECKPOINT, HELP, parse } from '../options.js';
import { openCheckpointFile } from '../ports/checkpoint-file.js';
import { FileSink } from '../ports/file-sink.js';
import { FolderSink } from '../ports/folder-sink.js';
import { openPackSource } from '../ports/pack-source.js';

const OPTIONS = {
  ...HELP,
  ...CHECKPOINT,
  out: { type: 'string' },
  backbone: { type: 'string' },
  title: { type: 'string' },
  'keep-text': { type: 'boolean' },
} as const;

/** `import`: a checkpoint becomes a model pack. */
export async function importCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parse(args, OPTIONS);
  const [path, ...rest] = positionals;
  if (path === undefined || rest.length > 0) throw new AppError('USAGE', 'import takes one checkpoint.');
  const { out } = values;
  if (out === undefined || out === '') throw new AppError('USAGE', 'Where to? Name a folder or a file with --out.');
  const sink = await sinkAt(out);
  const checkpoint = await openCheckpointFile(path);
  const backbone = values.backbone === undefined ? undefined : await openPackSource(values.backbone);
  try {
    const more = { backbone, keepText: values['keep-text'] === true, title: values.title };
    const { manifest, sha256, surplus } = await importFiles(checkpoint, values, sink, io, more);
    const bytes = Object.values(manifest.files).reduce((sum, file) => sum + (file?.bytes ?? 0), 0);
    const kind = manifest.prompting === 'zero-shot' ? 'without learned prompts' : 'with learned prompts';
    await io.print(
      [
        `${out}: ${manifest.name} ${manifest.packVersion}, ${kind}, ${(bytes / 1e6).toFixed(1)} MB`,
        `  classes ${manifest.classes.join(', ')}`,
        `  sha256 ${sha256}`,
        ...(surplus.length > 0 ? [`  not used: ${surplus.join(', ')}`] : []),
        '',
      ].join('\n'),
    );
    io.note('Imported, not validated here: evaluate it on films of your own. Research use; not a medical device.');
    return EXIT.done;
  } finally {
    await checkpoint.close();
    await backbone?.close();
  }
}

/** A file for a name that ends in `.ppad` or `.zip`, a folder for any other. Neither writes over what is there. */
async function sinkAt(out: string): Promise<PackSink> {
  const isThere = await stat(out).then(
    () => true,
    () => false,
  );
  if (isThere) throw new AppError('USAGE', `${out} is there already: name another folder or file, or remove it.`);
  return ['.ppad', '.zip'].includes(extname(out).toLowerCase()) ? new FileSink(out) : new FolderSink(out.replace(/[/\\]+$/, ''));
}
