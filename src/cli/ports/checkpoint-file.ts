import { basename } from 'node:path';
import { AppError } from '../../core/errors.js';
import { readZipDirectory } from '../../core/torch/zip-directory.js';
import { MANIFEST_NAME } from '../../core/pack/single-file.js';
import type { CheckpointFile } from '../../engine/inspect-checkpoint.js';
import { openFile } from './file-bytes.js';

export interface OpenedCheckpointFile extends CheckpointFile {
  close(): Promise<void>;
}

/**
 * Opens a checkpoint where it lies; nothing is read yet.
 *
 * @throws AppError `FILE_VANISHED` with the system's reason.
 */
export async function openCheckpointFile(path: string): Promise<OpenedCheckpointFile> {
  try {
    return { name: basename(path), ...(await openFile(path)) };
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new AppError('FILE_VANISHED', `The checkpoint ${path} cannot be read (${reason}).`, { reason }, { cause });
  }
}

/** True for a file that `--pack` names and that is no single-file pack: no zip archive, or one without a manifest. */
export async function isCheckpoint({ source }: CheckpointFile): Promise<boolean> {
  const head = await source.slice(0, Math.min(2, source.byteLength));
  if (head[0] !== 0x50 || head[1] !== 0x4b) return source.byteLength > 0;
  try {
    return !(await readZipDirectory(source)).has(MANIFEST_NAME);
  } catch {
    // A damaged archive: as a pack it is answered as well.
    return false;
  }
}
