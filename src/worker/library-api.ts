import type { Outcome, PackEvaluation } from '../core/result.js';
import type { AddedPack } from '../engine/library/add-pack.js';
import type { LibraryPack } from '../engine/library/pack-library.js';
import type { ImportRequest, ImportStep } from '../engine/import-checkpoint.js';
import type { CheckpointFacts } from '../engine/inspect-checkpoint.js';

/** What the page may ask the library's worker for. Errors are values (`Outcome`): comlink would lose their codes. */
export interface LibraryApi {
  list(): Promise<Outcome<readonly LibraryPack[]>>;
  rename(id: string, label: string): Promise<Outcome<void>>;
  /** Records what the reader has measured with a pack; undefined takes it back. */
  evaluated(id: string, evaluation: PackEvaluation | undefined): Promise<Outcome<void>>;
  delete(id: string): Promise<Outcome<void>>;
  restore(id: string): Promise<Outcome<void>>;
  erase(id: string): Promise<Outcome<void>>;
  /** Says what a checkpoint is; its class words too, for which it reads the token table. */
  inspect(job: FileJob): Promise<Outcome<CheckpointFacts>>;
  /** Makes a pack of a checkpoint. `cancel` ends it with `ABORTED`; then, as after a failure, nothing stays. */
  import(job: FileJob, options: ImportOptions, onProgress: OnProgress): Promise<Outcome<AddedPack>>;
  /** Copies a single-file pack into the library. */
  install(job: FileJob, onProgress: OnProgress): Promise<Outcome<AddedPack>>;
  /** A pack as one file; its parts stay on disk. */
  export(job: PackJob, onProgress: OnProgress): Promise<Outcome<Blob>>;
  /** A pack's card; undefined if it has none. */
  readCard(id: string): Promise<Outcome<string | undefined>>;
  cancel(jobId: number): Promise<void>;
}

export interface NamedFile {
  readonly name: string;
  readonly file: Blob;
}

export interface FileJob extends NamedFile {
  readonly jobId: number;
  /** Absolute base of what the page is served with: onnxruntime's binaries, CLIP's merges. */
  readonly assetsUrl: string;
}

export interface PackJob {
  readonly jobId: number;
  readonly id: string;
}

/** How a checkpoint becomes a pack (`ImportRequest`), as the page can say it. */
export interface ImportOptions extends Pick<ImportRequest, 'classes' | 'storage' | 'keepText' | 'steps' | 'title' | 'zeroShot'> {
  /** PPAD's prompts for the CLIP of the checkpoint. */
  readonly prompts?: NamedFile | undefined;
  /** For prompts alone: the pack of the library whose towers they are used with. */
  readonly backboneId?: string | undefined;
}

/** `copy`: a pack's files in or out of the library. */
export type JobStep = ImportStep | 'copy';

export interface JobProgress {
  readonly step: JobStep;
  readonly loaded: number;
  readonly total: number;
}

type OnProgress = (progress: JobProgress) => void;
