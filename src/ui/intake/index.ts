export { AboutPanel, Meaning } from './About.js';
export { FilmMenu } from './FilmMenu.js';
export { StartPage } from './StartPage.js';
export { useIntake } from './use-intake.js';
export { Waiting } from './Waiting.js';
