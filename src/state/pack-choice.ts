import type { AppStore } from './store.js';

const STORAGE_KEY = 'position-reader.pack';

/** The library's pack in use when the page was last open; undefined for the page's own. */
export function readPackChoice(storage: Pick<Storage, 'getItem'> | undefined): string | undefined {
  try {
    return storage?.getItem(STORAGE_KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps the choice for the next visit, once the pack has shown that it works. */
export function keepPackChoice(store: AppStore, storage: Pick<Storage, 'setItem' | 'removeItem'> | undefined): () => void {
  let kept: string | undefined | null = null;
  return store.subscribe(({ engine, packId }) => {
    if (engine.kind !== 'ready' || packId === kept) return;
    kept = packId;
    try {
      if (packId === undefined) storage?.removeItem(STORAGE_KEY);
      else storage?.setItem(STORAGE_KEY, packId);
    } catch {
      // Full or forbidden: the choice lasts as long as the page.
    }
  });
}
