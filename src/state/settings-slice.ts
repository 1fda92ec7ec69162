import type { Backend } from '../core/result.js';
import type { SliceCreator } from './slice.js';

export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];
/** Backends that a browser can have; `native` is the command line's. */
export const PAGE_BACKENDS = ['webgpu', 'wasm', 'wasm-single'] as const satisfies readonly Backend[];

export interface Settings {
  readonly language: Language;
  readonly theme: Theme;
  /** The reader's wish; undefined: the best that works. */
  readonly backend: Backend | undefined;
}

export interface SettingsSlice {
  readonly settings: Settings;
  setLanguage(language: Language): void;
  setTheme(theme: Theme): void;
}

export const createSettingsSlice =
  (initial: Settings): SliceCreator<SettingsSlice> =>
  (set) => ({
    settings: initial,
    setLanguage: (language) => set(({ settings }) => ({ settings: { ...settings, language } })),
    setTheme: (theme) => set(({ settings }) => ({ settings: { ...settings, theme } })),
  });
