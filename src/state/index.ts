export { openPage, type Page } from './browser-store.js';
export { failureOf, type EnginePhase } from './engine-slice.js';
export { currentFilm, previousFilm, type Film, type FilmPhase } from './films-slice.js';
export { LANGUAGES, PAGE_BACKENDS, THEMES, type Language, type Theme } from './settings-slice.js';
export type { AppState, AppStore } from './store.js';
export { shownPosition, type FilmPoint } from './view-slice.js';
export { SAMPLE_KINDS, type SampleKind } from '../worker/client.js';
export type { EngineState, ScoredFilm } from '../worker/api.js';
