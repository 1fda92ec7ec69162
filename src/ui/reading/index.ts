export { Announcement } from './Announcement.js';
export { WholeMark } from './Bracket.js';
export { FilmStage } from './FilmStage.js';
export { isRead } from './reading-model.js';
export { ResultPanel } from './ResultPanel.js';
export { useKeys } from './use-keys.js';
