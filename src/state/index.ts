export { openCardPage, wantsCard, type CardPage } from './card-page.js';
export { openPage, type Page } from './browser-store.js';
export { failureOf, type EnginePhase } from './engine-slice.js';
export { currentFilm, previousFilm, type Film, type FilmPhase } from './films-slice.js';
export { PAGE_BACKENDS, THEMES, type Language, type Settings } from './settings-slice.js';
export type { AppState } from './store.js';
export { shownPosition, type FilmPoint } from './view-slice.js';
export { SAMPLE_KINDS } from '../worker/client.js';
export type { ScoredFilm } from '../worker/api.js';
