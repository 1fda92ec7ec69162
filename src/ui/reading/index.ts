export { Announcement } from './Announcement.js';
export { WholeMark } from './Bracket.js';
export { FilmStage } from './FilmStage.js';
export { paintFilm } from './paint-film.js';
export { isRead, positionName, scoreAt, type ReadFilm } from './reading-model.js';
export { ResultPanel } from './ResultPanel.js';
export { maxAboveOf, ruleWords } from './rule-words.js';
export { ScoreHead } from './ScoreHead.js';
export { useKeys } from './use-keys.js';
