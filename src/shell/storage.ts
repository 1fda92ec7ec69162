import { ENGINE_CACHE } from '../sw/messages.js';
import { dropShell, scopeOf, shellCaches } from './drop-shell.js';

/** What the page keeps in this browser. `films` is not among them: none is ever kept. */
export const STORED_KINDS = ['shell', 'engine', 'models', 'imported', 'settings'] as const;
export type StoredKind = (typeof STORED_KINDS)[number];

export interface Stored {
  readonly kind: StoredKind;
  readonly files: number;
  readonly bytes: number;
}

export interface StorageReport {
  readonly stored: readonly Stored[];
  /** Bytes that this site takes and may take, by the browser's own estimate; undefined where it gives none. */
  readonly usage: number | undefined;
  readonly quota: number | undefined;
  /** Whether the browser has promised not to clear it by itself. */
  readonly persisted: boolean;
}

/** Folders of the origin's private file system that are ours: files of packs by hash, and the library of imported models. */
const FOLDERS = { models: 'pack-files', imported: 'pack-library' } as const;
/** All keys of ours in local and session storage begin so. */
const KEYS = 'position-reader.';

/** Counts and weighs everything that the page has stored. What cannot be looked at counts as nothing. */
export async function measureStorage(): Promise<StorageReport> {
  const [shell, engine, models, imported, estimate, persisted] = await Promise.all([
    orNothing(weighShell()),
    orNothing(weighEngine()),
    orNothing(weighFolder(FOLDERS.models)),
    orNothing(weighFolder(FOLDERS.imported)),
    orNothing(storageManager()?.estimate()),
    orNothing(storageManager()?.persisted()),
  ]);
  const settings = weighSettings();
  const all = { shell, engine, models, imported, settings };
  return {
    stored: STORED_KINDS.map((kind) => ({ kind, files: all[kind]?.files ?? 0, bytes: all[kind]?.bytes ?? 0 })),
    usage: estimate?.usage,
    quota: estimate?.quota,
    persisted: persisted ?? false,
  };
}

/**
 * Removes everything that the page has stored: its own files with their service worker, the engine, models fetched and imported,
 * settings. What other pages of the same host have stored stays.
 */
export async function clearStorage(): Promise<void> {
  await orNothing(dropShell());
  await orNothing(clearEngine());
  for (const folder of Object.values(FOLDERS))
    await orNothing(
      storageManager()
        ?.getDirectory()
        .then((root) => root.removeEntry(folder, { recursive: true })),
    );
  for (const storage of webStorages()) for (const key of keysIn(storage)) storage.removeItem(key);
}

/** Asks the browser not to clear what is stored by itself when space runs short. @returns whether it promised. */
export async function persistStorage(): Promise<boolean> {
  return (await orNothing(storageManager()?.persist())) ?? false;
}

/** Whether the origin's private file system holds these pack files, by hash and length. */
export async function packKept(files: readonly { readonly sha256: string; readonly bytes: number }[]): Promise<boolean> {
  try {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(FOLDERS.models);
    for (const { sha256, bytes } of files) {
      const file = await (await folder.getFileHandle(sha256)).getFile();
      if (file.size !== bytes) return false;
    }
    return true;
  } catch {
    return false;
  }
}

type Weight = Pick<Stored, 'files' | 'bytes'>;

/** Undefined in pages that are neither https nor on this machine. */
function storageManager(): StorageManager | undefined {
  return (navigator as { storage?: StorageManager }).storage;
}

async function weighShell(): Promise<Weight> {
  const weights = await Promise.all((await shellCaches()).map(async (name) => weighCache(await caches.open(name))));
  return sum(weights);
}

async function weighEngine(): Promise<Weight> {
  if (!(await caches.has(ENGINE_CACHE))) return { files: 0, bytes: 0 };
  return weighCache(await caches.open(ENGINE_CACHE));
}

async function weighCache(cache: Cache): Promise<Weight> {
  const ours = (await cache.matchAll()).filter(({ url }) => url === '' || url.startsWith(scopeOf()));
  const sizes = await Promise.all(ours.map(async (response) => (await response.blob()).size));
  return sum(sizes.map((bytes) => ({ files: 1, bytes })));
}

async function clearEngine(): Promise<void> {
  const cache = await caches.open(ENGINE_CACHE);
  for (const request of await cache.keys()) if (request.url.startsWith(scopeOf())) await cache.delete(request);
  if ((await cache.keys()).length === 0) await caches.delete(ENGINE_CACHE);
}

async function weighFolder(name: string): Promise<Weight> {
  const root = await navigator.storage.getDirectory();
  return weighEntries(await root.getDirectoryHandle(name));
}

async function weighEntries(folder: FileSystemDirectoryHandle): Promise<Weight> {
  const weights: Weight[] = [];
  for await (const entry of (folder as unknown as { values(): AsyncIterable<FileSystemHandle> }).values()) {
    if (entry.kind === 'directory') weights.push(await weighEntries(entry as FileSystemDirectoryHandle));
    else weights.push({ files: 1, bytes: (await (entry as FileSystemFileHandle).getFile()).size });
  }
  return sum(weights);
}

function weighSettings(): Weight {
  const sizes = webStorages().flatMap((storage) =>
    keysIn(storage).map((key) => 2 * (key.length + (storage.getItem(key)?.length ?? 0))),
  );
  return sum(sizes.map((bytes) => ({ files: 1, bytes })));
}

/** Those that the browser lets us touch. */
function webStorages(): readonly Storage[] {
  try {
    return [localStorage, sessionStorage];
  } catch {
    return [];
  }
}

function keysIn(storage: Storage): readonly string[] {
  return Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? '').filter((key) => key.startsWith(KEYS));
}

function sum(weights: readonly Weight[]): Weight {
  return weights.reduce((all, one) => ({ files: all.files + one.files, bytes: all.bytes + one.bytes }), { files: 0, bytes: 0 });
}

async function orNothing<T>(work: Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await work;
  } catch {
    return undefined;
  }
}
