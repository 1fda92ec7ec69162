import { describe, expect, it } from 'vitest';
import { createDecoders, createWorkerClient } from '../worker/client.js';
import { memoryLibrary } from '../worker/testing/memory-library.js';
import { Thumbnails } from './thumbnails.js';
import { createAppStore } from './store.js';
import { readSettings, syncSettings, type SettingsPlaces } from './url-sync.js';

function placesAt(href: string, languages: readonly string[] = ['en-GB'], kept?: string) {
  const values = new Map(kept === undefined ? [] : [['position-reader.settings', kept]]);
  const location = { href };
  const places: SettingsPlaces = {
    location,
    history: { replaceState: (_state, _unused, url) => void (location.href = String(url)) },
    storage: { getItem: (key) => values.get(key) ?? null, setItem: (key, value) => void values.set(key, value) },
    languages,
  };
  return { places, location };
}

describe('settings at start', () => {
  it('follow the browser when nothing else is said', () => {
    const settings = readSettings(placesAt('http://x/', ['fr-FR', 'zh-TW', 'en']).places);
    expect(settings).toEqual({ language: 'zh', theme: 'system', backend: undefined });
    expect(readSettings(placesAt('http://x/', ['fr']).places).language).toBe('en');
  });

  it('take the address over what was kept, and what was kept over the browser', () => {
    const kept = JSON.stringify({ language: 'zh', theme: 'light' });
    expect(readSettings(placesAt('http://x/', ['en'], kept).places)).toMatchObject({ language: 'zh', theme: 'light' });
    const { places } = placesAt('http://x/?lang=en&theme=dark&backend=wasm-single', ['zh'], kept);
    expect(readSettings(places)).toEqual({ language: 'en', theme: 'dark', backend: 'wasm-single' });
  });

  it('ignore what they do not know', () => {
    const { places } = placesAt('http://x/?lang=xx&theme=pink&backend=native', ['en'], 'not JSON');
    expect(readSettings(places)).toEqual({ language: 'en', theme: 'system', backend: undefined });
  });

  it('stand a browser without storage', () => {
    expect(readSettings({ ...placesAt('http://x/').places, storage: undefined }).language).toBe('en');
  });
});

describe('changes of settings', () => {
  it('go into the address, and language and theme are kept', () => {
    const { places, location } = placesAt('http://x/page?other=1');
    const client = createWorkerClient({
      createWorker: () => {
        throw new Error('No worker is needed here.');
      },
      assetsUrl: '',
      packUrl: '',
    });
    const decoders = createDecoders({
      createWorker: () => {
        throw new Error('Nor here.');
      },
      count: 1,
    });
    const store = createAppStore(
      { client, decoders, thumbnails: new Thumbnails(decoders) },
      {
        settings: readSettings(places),
        drawSample: () => Promise.reject(new Error('unused')),
        models: { library: memoryLibrary().client, packId: undefined },
      },
    );
    syncSettings(store, places);
    store.getState().setLanguage('zh');
    store.getState().setTheme('dark');
    expect(location.href).toBe('http://x/page?other=1&lang=zh&theme=dark');
    store.getState().setTheme('system');
    expect(location.href).toBe('http://x/page?other=1&lang=zh');
    expect(readSettings({ ...places, location: { href: 'http://x/' } })).toMatchObject({ language: 'zh', theme: 'system' });
  });
});
