/** Takes a file's bytes in order. Closed, the file is there; whatever happens before, nobody counts on it. */
export interface FileSink {
  write(chunk: Uint8Array): void;
  close(): void;
}

/** Folders that outlive the page, one a pack, with plain files in them. */
export interface LibraryFolders {
  names(): Promise<readonly string[]>;
  /** A file as it lies there, not yet read; undefined if there is none. */
  read(folder: string, file: string): Promise<Blob | undefined>;
  /** Begins a file anew, and the folder if need be. @throws AppError `STORAGE_FULL`, here and at every `write`. */
  write(folder: string, file: string): Promise<FileSink>;
  remove(folder: string): Promise<void>;
  /** Claims a folder until the function that this gives is called, or its owner is gone; undefined if someone else has it. */
  claim(folder: string): Promise<(() => void) | undefined>;
  /** Bytes that may still be written; undefined where nobody says. */
  room(): Promise<number | undefined>;
}
