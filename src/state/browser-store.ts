import type { Manifest } from '../core/pack/manifest.js';
import {
  createDecoders,
  createDecoderWorker,
  createEngineWorker,
  createLibraryClient,
  createLibraryWorker,
  createWorkerClient,
  decoderCount,
  drawSample,
} from '../worker/client.js';
import { keepPackChoice, readPackChoice } from './pack-choice.js';
import { openStorage } from './open-storage.js';
import { makeShell } from './open-shell.js';
import { syncLink } from './link-sync.js';
import { readCard } from './read-card.js';
import { createAppStore, type AppStore } from './store.js';
import { Thumbnails } from './thumbnails.js';
import { readSettings, syncSettings, type SettingsPlaces } from './url-sync.js';

export interface Page {
  readonly store: AppStore;
  readonly thumbnails: Thumbnails;
  /** The Markdown of a pack's card; undefined if it has none. */
  readonly readCard: (manifest: Manifest, sha256: string | undefined) => Promise<string | undefined>;
}

/** Builds the page's store around the real worker, with settings from the address and this browser, and starts the engine. */
export function openPage(): Page {
  const storage = openStorage();
  const places: SettingsPlaces = { location, history, storage, languages: navigator.languages };
  const settings = readSettings(places);
  const root = new URL('./', document.baseURI);
  const packUrl = new URL('models/default/', root).href;
  const packId = readPackChoice(storage);
  const { locks, storage: disk } = navigator as { readonly locks?: LockManager; readonly storage?: StorageManager };
  const library = createLibraryClient({
    createWorker: createLibraryWorker,
    assetsUrl: root.href,
    locks,
    persist: () => disk?.persist() ?? Promise.resolve(),
  });
  const client = createWorkerClient({
    createWorker: createEngineWorker,
    assetsUrl: root.href,
    packUrl,
    packId,
    backend: settings.backend,
    locks,
  });
  const decoders = createDecoders({
    createWorker: createDecoderWorker,
    count: decoderCount(navigator.hardwareConcurrency),
    locks,
  });
  const thumbnails = new Thumbnails(decoders);
  const shell = makeShell(client, decoders, library);
  const store = createAppStore(
    { client, decoders, thumbnails },
    { settings, drawSample, shell: shell.doors, models: { library, packId } },
  );
  syncSettings(store, places);
  shell.attach(store);
  keepPackChoice(store, storage);
  // Whoever looks at a shared result needs no model for it.
  if (!syncLink(store, { location, history, events: window })) store.getState().startEngine();
  if (packId !== undefined) void store.getState().refreshPacks();
  return {
    store,
    thumbnails,
    readCard: (manifest, sha256) => {
      const kept = store.getState().packs?.find((pack) => pack.sha256 === sha256);
      return kept ? library.readCard(kept.id) : readCard(packUrl, manifest);
    },
  };
}
