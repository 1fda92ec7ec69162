import type { IncomingFile } from '../../state/index.js';

/** Paths of files that came in folders: a file itself knows its path only from a picker of folders. */
const paths = new WeakMap<File, string>();

/** A file with its path within the folder that it came in. */
export function withPath(file: File): IncomingFile {
  return { path: paths.get(file) ?? (file.webkitRelativePath || file.name), file };
}

/** Beyond this a folder is not looked into further: the list takes no more. */
const MOST_FOUND = 50_000;

/**
 * The files of a drop, folders looked into however deep; `withPath` knows their paths. What cannot be read on the way is left out: one
 * locked folder does not lose the rest.
 */
export async function droppedFiles(transfer: DataTransfer): Promise<File[]> {
  const found: File[] = [];
  // Asked for before the first pause: after it, the browser has taken the items away.
  const roots = [...transfer.items]
    .filter(({ kind }) => kind === 'file')
    .map((item) => {
      const entry = item.webkitGetAsEntry();
      return entry?.isDirectory === true ? (entry as FileSystemDirectoryEntry) : item.getAsFile();
    });
  for (const root of roots)
    if (root instanceof File) found.push(root);
    else if (root) await readFolder(root, found);
  return found;
}

async function readFolder(folder: FileSystemDirectoryEntry, found: File[]): Promise<void> {
  const reader = folder.createReader();
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (batch.length === 0) return;
    for (const entry of batch) {
      if (found.length >= MOST_FOUND) return;
      if (entry.isDirectory) await readFolder(entry as FileSystemDirectoryEntry, found);
      else {
        const file = await fileOf(entry as FileSystemFileEntry);
        if (!file) continue;
        paths.set(file, entry.fullPath.slice(1));
        found.push(file);
      }
    }
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File | undefined> {
  return new Promise((resolve) => entry.file(resolve, () => resolve(undefined)));
}
