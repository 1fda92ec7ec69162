import { closeSync, constants, fstatSync, openSync, readSync, type Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { AppError, toAppError } from '../../core/errors.js';
import { checkFileSize } from '../../core/film/limits.js';

/** What counts as a film within a folder; a file that is named is tried whatever it is called. DICOM is answered, not skipped. */
const EXTENSIONS = new Set(['.png', '.jpg', '.jpeg', '.jpe', '.jfif', '.webp', '.dcm', '.dicom']);

/**
 * Films of files and folders, in the order given, a folder's own sorted by name and depth first: the same list on every
 * machine, whatever its file system. One folder's names are in memory at a time. What cannot be listed is yielded itself, so
 * that reading it says why.
 */
export async function* listFilms(paths: Iterable<string>): AsyncGenerator<string> {
  for (const path of paths) {
    if (await isFolder(path)) yield* listFolder(path, []);
    else yield path;
  }
}

async function* listFolder(folder: string, parents: readonly string[]): AsyncGenerator<string> {
  let entries: Dirent[];
  let real: string;
  try {
    real = await realpath(folder);
    entries = await readdir(folder, { withFileTypes: true });
  } catch {
    yield folder;
    return;
  }
  // A link to a folder above would go round for ever.
  if (parents.includes(real)) return;
  // By code units, not by a locale: shards on different machines must agree.
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    // Hidden files are editors' and file managers' own; a Mac leaves one beside each film that it copies.
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory() || (entry.isSymbolicLink() && (await isFolder(path)))) yield* listFolder(path, [...parents, real]);
    else if (EXTENSIONS.has(extname(entry.name).toLowerCase())) yield path;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
}

/**
 * Reads a film whose length was checked first. It blocks its thread, which has nothing else to do: a film takes a few tens of
 * microseconds so, ten times as long by way of the event loop.
 *
 * @throws AppError `FILE_VANISHED` for what is not there, may not be read, shrinks meanwhile or is no file; `EMPTY_FILE`, `TOO_LARGE`.
 */
export function readFilm(path: string): Uint8Array {
  let descriptor: number | undefined;
  try {
    // A pipe that nobody writes to would hold up an ordinary open for ever. (Windows has neither.)
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const facts = fstatSync(descriptor);
    if (!facts.isFile()) throw new AppError('FILE_VANISHED', 'This is not a file that can be read.');
    checkFileSize(facts.size);
    return readWhole(descriptor, facts.size);
  } catch (thrown) {
    throw toFileError(thrown);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function readWhole(descriptor: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  while (at < length) {
    const bytesRead = readSync(descriptor, bytes, at, length - at, at);
    if (bytesRead === 0) throw new AppError('FILE_VANISHED', `The file shrank to ${at} of ${length} bytes while it was read.`);
    at += bytesRead;
  }
  return bytes;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file.',
  ENOTDIR: 'There is no such file.',
  EACCES: 'The file may not be read: permission denied.',
  EPERM: 'The file may not be read: permission denied.',
  EISDIR: 'The folder cannot be read.',
  ELOOP: 'The file is a link that leads to itself.',
};

function toFileError(thrown: unknown): AppError {
  const code = thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
  if (thrown instanceof AppError || !/^E[A-Z]/.test(code)) return toAppError(thrown);
  return new AppError(
    'FILE_VANISHED',
    REASONS[code] ?? `The file cannot be read (${code}).`,
    { reason: code },
    { cause: thrown },
  );
}
