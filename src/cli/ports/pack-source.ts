import { stat } from 'node:fs/promises';
import { AppError } from '../../core/errors.js';
import { openSingleFilePack } from '../../core/pack/single-file.js';
import type { PackSource } from '../../engine/ports.js';
import { readEvaluation } from './evaluation-file.js';
import { openFile } from './file-bytes.js';
import { folderSource } from './folder-source.js';

export interface OpenedPack extends PackSource {
  close(): Promise<void>;
}

/**
 * A pack by its path: a folder, or a single file.
 *
 * @throws AppError `PACK_NOT_FOUND`, `PACK_INVALID`.
 */
export async function openPackSource(path: string): Promise<OpenedPack> {
  const facts = await stat(path).catch((cause: unknown) => {
    throw new AppError('PACK_NOT_FOUND', `There is no pack at ${path}.`, { path }, { cause });
  });
  const evaluation = (packSha256: string) => readEvaluation(path, packSha256);
  if (facts.isDirectory()) return { ...folderSource(path), evaluation, close: () => Promise.resolve() };
  const file = await openFile(path).catch((cause: unknown) => {
    throw new AppError('PACK_NOT_FOUND', `The pack ${path} cannot be opened.`, { path }, { cause });
  });
  try {
    return { ...(await openSingleFilePack(file.source)), evaluation, close: () => file.close() };
  } catch (thrown) {
    await file.close();
    throw thrown;
  }
}
