export { usePrintTitle } from './printing.js';
export { ReportFacts, ReportHead } from './ReportFacts.js';
export { ShareActions } from './ShareActions.js';
export { saveFile } from './save-file.js';
