import { AppError } from '../core/errors.js';
import type { Backend, ScoreResult } from '../core/result.js';
import { loadPack, type LoadedPack } from '../engine/load-pack.js';
import { MemorySink } from '../engine/memory-sink.js';
import { memorySource } from '../engine/memory-source.js';
import type { PackSource } from '../engine/ports.js';
import type { CheckpointOptions } from './import-files.js';
import type { Io } from './io.js';
import { classesOf } from './options.js';
import { isCheckpoint, openCheckpointFile } from './ports/checkpoint-file.js';
import { readEvaluation } from './ports/evaluation-file.js';
import { FilmLanes } from './ports/film-lanes.js';
import { startNodeHash } from './ports/hash.js';
import type { Rewording } from './ports/lane-thread.js';
import { nodeRuntimes } from './ports/ort-runtime.js';
import { openPackSource, type OpenedPack } from './ports/pack-source.js';
import { planLanes } from './ports/plan-lanes.js';

/** Names the program in every result. */
export const APP = `ppad-web ${__APP_VERSION__}`;

/** A pack that was read and threads that wait for it. */
export interface Engine {
  readonly pack: LoadedPack;
  /**
   * Opens the pack on the first runtime that reproduces its golden vector.
   *
   * @param films how many there are to score, or at least so many
   * @throws AppError as `chooseBackend` does.
   */
  start(threads: number, films: number): Promise<Scorer>;
  close(): Promise<void>;
}

export interface Scorer {
  readonly backend: Backend;
  /** Films to be under way at a time. */
  readonly atOnce: number;
  readonly score: (file: string) => Promise<ScoreResult>;
}

/** The options of a command that runs a model: a pack or a checkpoint, and how the latter is read. */
export interface EngineOptions extends CheckpointOptions {
  readonly pack?: string | undefined;
}

/** Reads a pack, by default the one that ships, while the first thread starts. A checkpoint becomes a pack in memory first. */
export async function openEngine(options: EngineOptions, io: Io): Promise<Engine> {
  const lanes = new FilmLanes(io.lane);
  try {
    const source = (await importIfCheckpoint(options, io)) ?? (await openPack(options, io));
    try {
      const pack = await loadPack(source, undefined, { signal: io.signal, startHash: startNodeHash, allocate: sharedBytes });
      const rewording = await reword(pack, source, options, io);
      return {
        pack,
        start: (threads, films) => start(lanes, { pack, rewording }, threads, films, io),
        close: () => lanes.close(),
      };
    } finally {
      await source.close();
    }
  } catch (thrown) {
    await lanes.close();
    throw thrown;
  }
}

async function start(
  lanes: FilmLanes,
  asked: { readonly pack: LoadedPack; readonly rewording: Rewording | undefined },
  threads: number,
  films: number,
  io: Io,
): Promise<Scorer> {
  const { parameters } = asked.pack.manifest.architecture;
  const plan = planLanes({ threads, films, parameters, freeBytes: process.availableMemory() });
  const { backend, setAside } = await lanes.open({ ...asked, runtime: process.env['PPAD_RUNTIME'], app: APP }, plan);
  for (const { backend: other, reason } of setAside) io.note(`ppad: ${other} is set aside: ${reason}`);
  return { backend, atOnce: lanes.atOnce, score: (file) => lanes.score(file) };
}

/** Weights that all threads read from one place. */
function sharedBytes(length: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(length));
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
    const { importFiles } = await import('./import-files.js');
    const sink = new MemorySink();
    await importFiles(file, options, sink, io);
    const { pack } = options;
    const evaluation = (packSha256: string) => readEvaluation(pack, packSha256);
    return { ...memorySource(sink.files), evaluation, close: () => Promise.resolve() };
  } finally {
    await file.close();
  }
}

/** With `--classes` a pack that holds its text tower is asked with these words; a checkpoint was imported with them. */
async function reword(pack: LoadedPack, source: PackSource, { classes }: EngineOptions, io: Io): Promise<Rewording | undefined> {
  const wished = classesOf(classes);
  if (!wished || wished.every((word, i) => word === pack.manifest.classes[i])) return undefined;
  const [{ computeTextFeatures }, { readMerges }] = await Promise.all([
    import('../engine/reword.js'),
    import('./import-files.js'),
  ]);
  const [runtime] = nodeRuntimes(1, process.env['PPAD_RUNTIME']);
  const ports = { source, runtime: runtime!, merges: () => readMerges(io) };
  return { classes: wished, textFeatures: await computeTextFeatures(pack, wished, ports, { signal: io.signal }) };
}
