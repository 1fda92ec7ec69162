// What a result needs to leave the page: fetched when it is asked for.
export { SaveDialog } from './SaveDialog.js';
export { ShareDialog } from './ShareDialog.js';
