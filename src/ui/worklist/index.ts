export { ListToggle } from './ListToggle.js';
export { QueueStatus } from './QueueStatus.js';
export { useListKeys } from './use-list-keys.js';
export { useNarrow } from './use-narrow.js';
export { Worklist } from './Worklist.js';
