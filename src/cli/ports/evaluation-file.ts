import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EVALUATION_LIMIT, EVALUATION_NAME, parseEvaluation } from '../../core/pack/evaluation.js';
import type { PackEvaluation } from '../../core/result.js';

/** Where the evaluation of a pack or a checkpoint lies: in the folder, or beside the file. */
async function placeOf(pack: string): Promise<string> {
  const folder = await stat(pack).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
  return folder ? join(pack, EVALUATION_NAME) : `${pack}.${EVALUATION_NAME}`;
}

/** What was recorded of a pack; undefined where there is nothing, or nothing of this very pack. */
export async function readEvaluation(pack: string, packSha256: string): Promise<PackEvaluation | undefined> {
  try {
    const path = await placeOf(pack);
    if ((await stat(path)).size > EVALUATION_LIMIT) return undefined;
    return parseEvaluation(await readFile(path, 'utf8'), packSha256);
  } catch {
    return undefined;
  }
}

/**
 * Records the line of an evaluation, in place of an earlier one.
 *
 * @returns where.
 * @throws AppError `RESULT_INVALID` for a line that says nothing of the pack, and what Node throws where nothing can be written.
 */
export async function writeEvaluation(pack: string, packSha256: string, line: string): Promise<string> {
  parseEvaluation(line, packSha256);
  const path = await placeOf(pack);
  const half = `${path}.part`;
  await writeFile(half, `${line}\n`);
  await rename(half, path);
  return path;
}
