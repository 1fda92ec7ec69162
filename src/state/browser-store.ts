import type { Manifest } from '../core/pack/manifest.js';
import {
  createDecoders,
  createDecoderWorker,
  createEngineWorker,
  createWorkerClient,
  decoderCount,
  drawSample,
} from '../worker/client.js';
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
  readonly readCard: (manifest: Manifest) => Promise<string | undefined>;
}

/** Builds the page's store around the real worker, with settings from the address and this browser, and starts the engine. */
export function openPage(): Page {
  const places: SettingsPlaces = { location, history, storage: openStorage(), languages: navigator.languages };
  const settings = readSettings(places);
  const root = new URL('./', document.baseURI);
  const { locks } = navigator as { locks?: LockManager };
  const packUrl = new URL('models/default/', root).href;
  const client = createWorkerClient({
    createWorker: createEngineWorker,
    assetsUrl: root.href,
    packUrl,
    backend: settings.backend,
    locks,
  });
  const decoders = createDecoders({
    createWorker: createDecoderWorker,
    count: decoderCount(navigator.hardwareConcurrency),
    locks,
  });
  const thumbnails = new Thumbnails(decoders);
  const shell = makeShell(client, decoders);
  const store = createAppStore({ client, decoders, thumbnails }, { settings, drawSample, shell: shell.doors });
  syncSettings(store, places);
  shell.attach(store);
  // Whoever looks at a shared result needs no model for it.
  if (!syncLink(store, { location, history, events: window })) store.getState().startEngine();
  return { store, thumbnails, readCard: (manifest) => readCard(packUrl, manifest) };
}
