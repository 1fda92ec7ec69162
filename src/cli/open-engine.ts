import { AppError } from '../core/errors.js';
import { chooseBackend } from '../engine/choose-backend.js';
import { loadPack, type LoadedPack } from '../engine/load-pack.js';
import { MemorySink } from '../engine/memory-sink.js';
import { memorySource } from '../engine/memory-source.js';
import type { Model } from '../engine/model.js';
import type { PackSource, Runtime } from '../engine/ports.js';
import { computeTextFeatures } from '../engine/reword.js';
import { importFiles, readMerges, type CheckpointOptions } from './import-files.js';
import type { Io } from './io.js';
import { classesOf } from './options.js';
import { isCheckpoint, openCheckpointFile } from './ports/checkpoint-file.js';
import { startDecoder, type Decoder } from './ports/decoder.js';
import { nodeRuntimes } from './ports/ort-runtime.js';
import { openPackSource, type OpenedPack } from './ports/pack-source.js';

/** Names the program in every result. */
export const APP = `ppad-web ${__APP_VERSION__}`;

export interface Engine {
  readonly model: Model;
  readonly decoder: Decoder;
  close(): Promise<void>;
}

/** The options of a command that runs a model: a pack or a checkpoint, and how the latter is read. */
export interface EngineOptions extends CheckpointOptions {
  readonly pack?: string | undefined;
}

/**
 * Opens a pack, by default the one that ships, on the first runtime that reproduces its golden vector. A checkpoint becomes a pack in
 * memory first.
 */
export async function openEngine(options: EngineOptions, threads: number, io: Io): Promise<Engine> {
  const source = (await importIfCheckpoint(options, io)) ?? (await openPack(options, io));
  try {
    const pack = await loadPack(source, undefined, { signal: io.signal });
    const runtimes = nodeRuntimes(threads, process.env['PPAD_RUNTIME']);
    return await start(pack, runtimes, io, (model) => reword(model, source, options, runtimes, io));
  } finally {
    await source.close();
  }
}

async function start(
  pack: LoadedPack,
  runtimes: readonly Runtime[],
  io: Io,
  finish: (model: Model) => Promise<Model>,
): Promise<Engine> {
  // The threads start while the session is built.
  const decoder = startDecoder(io.program, pack.manifest.preprocessing.steps);
  try {
    const { model, setAside } = await chooseBackend(pack, { runtimes, signal: io.signal });
    for (const { backend, reason } of setAside) io.note(`ppad: ${backend} is set aside: ${reason}`);
    const close = async (): Promise<void> => void (await Promise.all([decoder.close(), model.release()]));
    return { model: await finish(model), decoder, close };
  } catch (thrown) {
    await decoder.close();
    throw thrown;
  }
}

async function openPack({ pack, prompts, storage, steps, 'zero-shot': zeroShot }: EngineOptions, io: Io): Promise<OpenedPack> {
  if (prompts !== undefined || storage !== undefined || steps !== undefined || zeroShot === true)
    throw new AppError('USAGE', '--prompts, --storage, --steps and --zero-shot go with a checkpoint; --pack names a pack.');
  return openPackSource(pack ?? io.defaultPack);
}

/** The pack of a checkpoint; undefined if `--pack` names none. */
async function importIfCheckpoint(options: EngineOptions, io: Io): Promise<OpenedPack | undefined> {
  if (options.pack === undefined) return undefined;
  // A folder or nothing at all: the reader of packs answers that.
  const file = await openCheckpointFile(options.pack).catch(() => undefined);
  if (!file) return undefined;
  try {
    if (!(await isCheckpoint(file))) return undefined;
    const sink = new MemorySink();
    await importFiles(file, options, sink, io);
    return { ...memorySource(sink.files), close: () => Promise.resolve() };
  } finally {
    await file.close();
  }
}

/** With `--classes` a pack that holds its text tower is asked with these words; a checkpoint was imported with them. */
async function reword(
  model: Model,
  source: PackSource,
  { classes }: EngineOptions,
  [runtime]: readonly Runtime[],
  io: Io,
): Promise<Model> {
  const wished = classesOf(classes);
  const { manifest } = model.pack;
  if (!wished || wished.every((word, i) => word === manifest.classes[i])) return model;
  const ports = { source, runtime: runtime!, merges: () => readMerges(io) };
  return model.reword(wished, await computeTextFeatures(model.pack, wished, ports, { signal: io.signal }));
}
