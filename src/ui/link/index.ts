export { LinkPanel } from './LinkPanel.js';
export { LinkRefused } from './LinkRefused.js';
export { LinkStage } from './LinkStage.js';
export { PreviewPicture } from './PreviewPicture.js';
