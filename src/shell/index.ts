export { receiveFiles, takeQuery } from './incoming.js';
export { Shell, type KeptModel } from './shell.js';
export { INITIAL_SHELL, type ShellState } from './state.js';
export { clearStorage, measureStorage, persistStorage, type StorageReport } from './storage.js';
