import { open, type FileHandle } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { AppError } from '../core/errors.js';

/** Results appended to a file, a line a film; a line is there whole or not at all. */
export interface ResultFile {
  /** Films that an earlier run has answered. */
  readonly done: ReadonlySet<string>;
  /** How many of them it could not score. */
  readonly failed: number;
  append(line: string): Promise<void>;
  close(): Promise<void>;
}

/** What the lines that are there must have been made with to be gone on with. */
interface Origin {
  readonly pack: string;
  readonly sides: string;
}

/**
 * Opens the file of `--out`. With `resume` its lines are read; a last line that was cut off is dropped, and its film is scored again.
 *
 * @throws AppError `USAGE` for a file that has results already without `resume`, that holds something else, or that was made with
 * another pack or other sides.
 */
export async function openResultFile(path: string, resume: boolean, origin: Origin): Promise<ResultFile> {
  const handle = await open(path, 'a+').catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('USAGE', `The file ${path} cannot be written: ${reason}`, {}, { cause });
  });
  try {
    const { size } = await handle.stat();
    if (size > 0 && !resume)
      throw new AppError('USAGE', `${path} has results already: add --resume to go on, or name another file.`);
    const end = await wholeLinesEnd(handle, size);
    const earlier = await readLines(handle, end, path, origin);
    await handle.truncate(end);
    return {
      ...earlier,
      append: async (line) => void (await handle.appendFile(`${line}\n`)),
      close: () => handle.close(),
    };
  } catch (thrown) {
    await handle.close();
    throw thrown;
  }
}

const BLOCK = 1 << 16;

/** Where the last line that has its end ends. */
async function wholeLinesEnd(handle: FileHandle, size: number): Promise<number> {
  const block = Buffer.alloc(BLOCK);
  for (let to = size; to > 0; to -= Math.min(BLOCK, to)) {
    const length = Math.min(BLOCK, to);
    const { bytesRead } = await handle.read(block, 0, length, to - length);
    const at = block.subarray(0, bytesRead).lastIndexOf(0x0a);
    if (at >= 0) return to - length + at + 1;
  }
  return 0;
}

async function readLines(handle: FileHandle, end: number, path: string, origin: Origin) {
  const done = new Set<string>();
  let failed = 0;
  if (end === 0) return { done, failed };
  let number = 0;
  const lines = createInterface({
    input: handle.createReadStream({ start: 0, end: end - 1, autoClose: false }),
    crlfDelay: Infinity,
  });
  for await (const line of lines) {
    number++;
    const { file, isError, pack, sides } = readLine(line, `${path}, line ${number},`);
    if (!isError && (pack !== origin.pack || sides !== origin.sides))
      throw new AppError('USAGE', `${path} was made with another pack or other sides (line ${number}): name another file.`);
    if (isError && !done.has(file)) failed++;
    done.add(file);
  }
  return { done, failed };
}

function readLine(line: string, where: string) {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = undefined;
  }
  const { file, error, pack, sides } = isRecord(value) ? value : {};
  if (typeof file !== 'string' || (error === undefined && !isRecord(pack)))
    throw new AppError('USAGE', `${where} is not a result: is this the file that is meant?`);
  return { file, isError: error !== undefined, pack: isRecord(pack) ? pack['sha256'] : undefined, sides };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
