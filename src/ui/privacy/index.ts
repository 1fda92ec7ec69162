export { AppLine } from './AppLine.js';
export { PrivacyDialog, PrivacyLink } from './PrivacyDialog.js';
export { ShareLost, UpdateBar } from './UpdateBar.js';
