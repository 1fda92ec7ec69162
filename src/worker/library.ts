import { createTokenizer } from '../core/clip/tokenizer.js';
import { AppError } from '../core/errors.js';
import { sha256 } from '../core/pack/hash.js';
import { importCheckpoint } from '../engine/import-checkpoint.js';
import { inspectCheckpoint, type CheckpointFile } from '../engine/inspect-checkpoint.js';
import { addPack, requireRoom, type AddedPack } from '../engine/library/add-pack.js';
import { exportPack } from '../engine/library/export-pack.js';
import { installPack } from '../engine/library/install-pack.js';
import { PackLibrary } from '../engine/library/pack-library.js';
import type { LibraryFolders } from '../engine/library/ports.js';
import type { Runtime } from '../engine/ports.js';
import type { FileJob, ImportOptions, JobProgress, LibraryApi, NamedFile, PackJob } from './library-api.js';
import { startFastSha256 } from './ports/fast-hash.js';
import { blobSource } from './ports/read-blob.js';
import { outcomeOf } from './rpc.js';

/** What the library stands on: in the worker the browser, in a test whatever the test brings. */
export interface LibraryEdges {
  folders(): Promise<LibraryFolders>;
  runtime(assetsUrl: string): Runtime;
  /** CLIP's merges. */
  merges(assetsUrl: string): Promise<string>;
}

type OnProgress = (progress: JobProgress) => void;

// What a pack holds besides its weights: graphs, prompts, golden input.
const SMALL_FILES = 2_000_000;
const CARD_LIMIT = 500_000;
/** Progress goes through a message port; more often than this nobody sees. */
const TELL_MS = 50;

/** The library worker's functions. */
export function libraryApi(edges: LibraryEdges): LibraryApi {
  const jobs = new Map<number, AbortController>();
  const open = async (): Promise<PackLibrary> => new PackLibrary(await edges.folders());
  const over = <T>(work: (library: PackLibrary) => Promise<T>) => outcomeOf(async () => work(await open()));
  const run = <T>(jobId: number, work: (library: PackLibrary, signal: AbortSignal) => Promise<T>) =>
    outcomeOf(async () => {
      const abort = new AbortController();
      jobs.set(jobId, abort);
      try {
        return await work(await open(), abort.signal);
      } finally {
        jobs.delete(jobId);
      }
    });
  return {
    list: () => over((library) => library.list()),
    rename: (id, label) => over((library) => library.rename(id, label)),
    evaluated: (id, evaluation) => over((library) => library.evaluated(id, evaluation)),
    delete: (id) => over((library) => library.delete(id)),
    restore: (id) => over((library) => library.restore(id)),
    erase: (id) => over((library) => library.erase(id)),
    inspect: (job) => outcomeOf(() => inspect(job, edges)),
    import: (job, options, onProgress) =>
      run(job.jobId, (library, signal) => importInto(library, job, options, edges, { signal, onProgress: seldom(onProgress) })),
    install: (job, onProgress) =>
      run(job.jobId, (library, signal) => {
        const tell = seldom(onProgress);
        const file = { name: job.name, bytes: blobSource(job.file) };
        return installPack(library, file, {
          startHash: startFastSha256,
          signal,
          onProgress: (progress) => tell({ step: 'copy', ...progress }),
        });
      }),
    export: ({ jobId, id }: PackJob, onProgress) =>
      run(jobId, (library, signal) => {
        const tell = seldom(onProgress);
        return exportPack(library, id, { signal, onProgress: (progress) => tell({ step: 'copy', ...progress }) });
      }),
    readCard: (id) => over((library) => readCard(library, id)),
    cancel(jobId) {
      jobs.get(jobId)?.abort();
      return Promise.resolve();
    },
  };
}

const checkpointOf = ({ name, file }: NamedFile): CheckpointFile => ({ name, source: blobSource(file) });

async function inspect(job: FileJob, edges: LibraryEdges) {
  const file = checkpointOf(job);
  const facts = await inspectCheckpoint(file);
  if (facts.kind !== 'ppad') return facts;
  return inspectCheckpoint(file, { tokenizer: createTokenizer(await edges.merges(job.assetsUrl)) });
}

async function importInto(
  library: PackLibrary,
  job: FileJob,
  { prompts, backboneId, ...options }: ImportOptions,
  edges: LibraryEdges,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: OnProgress },
): Promise<AddedPack> {
  const checkpoint = checkpointOf(job);
  const { packBytes } = await inspectCheckpoint(checkpoint);
  const weights = packBytes?.[options.storage ?? 'float16'];
  const backbone = backboneId === undefined ? undefined : await library.find(backboneId);
  const needed = weights ? weights.vision + (options.keepText === true ? weights.text : 0) : (backbone?.bytes ?? 0);
  await requireRoom(library, needed + SMALL_FILES);
  const request = {
    checkpoint,
    prompts: prompts && checkpointOf(prompts),
    backbone: backboneId === undefined ? undefined : library.source(backboneId),
    ...options,
  };
  return addPack(library, job.name, (sink) =>
    importCheckpoint(
      request,
      { runtime: edges.runtime(job.assetsUrl), sink, merges: () => edges.merges(job.assetsUrl), startHash: startFastSha256 },
      { signal, onProgress },
    ),
  );
}

async function readCard(library: PackLibrary, id: string): Promise<string | undefined> {
  const card = (await library.find(id))?.manifest?.files.card;
  if (!card || card.bytes > CARD_LIMIT) return undefined;
  const file = await library.readFile(id, card.path);
  const bytes = new Uint8Array(await file.slice(0, CARD_LIMIT).arrayBuffer());
  if (sha256(bytes) !== card.sha256)
    throw new AppError('PACK_HASH', `${card.path} is not the file that the manifest names.`, { file: card.path });
  return new TextDecoder().decode(bytes);
}

/** Hands on a new step at once, more of the same now and then. */
function seldom(onProgress: OnProgress): OnProgress {
  let told = { step: '', at: -Infinity };
  return (progress) => {
    const now = performance.now();
    if (progress.step === told.step && progress.loaded < progress.total && now - told.at < TELL_MS) return;
    told = { step: progress.step, at: now };
    onProgress(progress);
  };
}
