import { AppError } from '../core/errors.js';
import { parseManifest, type Manifest } from '../core/pack/manifest.js';
import { openStorage } from './open-storage.js';
import { readCard } from './read-card.js';
import { readSettings } from './url-sync.js';
import type { Settings } from './settings-slice.js';

export interface CardPage {
  readonly settings: Settings;
  /** The card of the pack that ships, as its makers wrote it; undefined if it has none. @throws AppError of the pack or the download. */
  readonly read: () => Promise<{ readonly manifest: Manifest; readonly text: string | undefined }>;
}

/** True where the address asks for the card alone (`?card`): no engine is started then. */
export function wantsCard({ href }: Pick<Location, 'href'>): boolean {
  return new URL(href).searchParams.has('card');
}

/** The card as a page of its own: settings as on the main page, the pack's description fetched anew. */
export function openCardPage(): CardPage {
  const packUrl = new URL('models/default/', document.baseURI).href;
  return {
    settings: readSettings({ location, history, storage: openStorage(), languages: navigator.languages }),
    read: async () => {
      const response = await fetch(new URL('manifest.json', packUrl), { cache: 'no-cache' }).catch(() => undefined);
      if (!response?.ok) throw new AppError('DOWNLOAD_FAILED', 'manifest.json could not be fetched.', { path: 'manifest.json' });
      const manifest = parseManifest(new Uint8Array(await response.arrayBuffer()));
      return { manifest, text: await readCard(packUrl, manifest) };
    },
  };
}
