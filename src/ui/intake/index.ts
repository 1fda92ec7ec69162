export { AboutPanel, Meaning } from './About.js';
export { FolderPicker, type FolderPickerHandle } from './FolderPicker.js';
export { StartPage } from './StartPage.js';
export { useIntake } from './use-intake.js';
