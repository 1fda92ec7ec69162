import { lazy } from 'react';

export { ListToggle } from './ListToggle.js';
export { QueueStatus } from './QueueStatus.js';
export { useListKeys } from './use-list-keys.js';
export { useNarrow } from './use-narrow.js';

/** Fetched when a list is first shown: one film needs none. */
export const Worklist = lazy(async () => ({ default: (await import('./Worklist.js')).Worklist }));
