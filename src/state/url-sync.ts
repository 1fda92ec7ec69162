import { LANGUAGES, PAGE_BACKENDS, THEMES, type Language, type Settings } from './settings-slice.js';
import type { AppStore } from './store.js';

const STORAGE_KEY = 'position-reader.settings';

/** The page's places for settings; a test brings its own. */
export interface SettingsPlaces {
  readonly location: Pick<Location, 'href'>;
  readonly history: Pick<History, 'replaceState'>;
  /** Undefined where the browser forbids it. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem'> | undefined;
  readonly languages: readonly string[];
}

/** Settings at start: the address first (`?lang=`, `?theme=`, `?backend=`), then what was kept, then the browser's languages. */
export function readSettings({ location, storage, languages }: SettingsPlaces): Settings {
  const query = new URL(location.href).searchParams;
  const kept = readKept(storage);
  return {
    language: oneOf(LANGUAGES, query.get('lang')) ?? oneOf(LANGUAGES, kept['language']) ?? firstLanguage(languages),
    theme: oneOf(THEMES, query.get('theme')) ?? oneOf(THEMES, kept['theme']) ?? 'system',
    backend: oneOf(PAGE_BACKENDS, query.get('backend')),
  };
}

/** Keeps later changes: in the address, so that it can be passed on, and language and theme in this browser. */
export function syncSettings(store: AppStore, places: SettingsPlaces): () => void {
  return store.subscribe(({ settings }, before) => {
    if (settings === before.settings) return;
    const url = new URL(places.location.href);
    const put = (name: string, value: string | undefined): void => {
      if (value === undefined) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    };
    if (settings.language !== before.settings.language) put('lang', settings.language);
    if (settings.theme !== before.settings.theme) put('theme', settings.theme === 'system' ? undefined : settings.theme);
    if (settings.backend !== before.settings.backend) put('backend', settings.backend);
    places.history.replaceState(null, '', url);
    try {
      places.storage?.setItem(STORAGE_KEY, JSON.stringify({ language: settings.language, theme: settings.theme }));
    } catch {
      // Full or forbidden: the settings last as long as the page.
    }
  });
}

function readKept(storage: SettingsPlaces['storage']): Readonly<Record<string, unknown>> {
  try {
    const kept: unknown = JSON.parse(storage?.getItem(STORAGE_KEY) ?? '{}');
    return typeof kept === 'object' && kept !== null ? (kept as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function oneOf<T extends string>(allowed: readonly T[], value: unknown): T | undefined {
  return allowed.find((one) => one === value);
}

/** The first of the browser's languages that we speak; English if there is none. */
function firstLanguage(languages: readonly string[]): Language {
  for (const tag of languages) {
    const found = oneOf(LANGUAGES, tag.toLowerCase().split('-')[0]);
    if (found) return found;
  }
  return 'en';
}
