import { useSyncExternalStore } from 'react';

/** Where a rail beside the film would leave it no room: the list is a sheet over the page then. As in worklist.css. */
const NARROW = '(max-width: 64rem), (max-width: 68rem) and (orientation: portrait)';

function subscribe(listener: () => void): () => void {
  const query = matchMedia(NARROW);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => matchMedia(NARROW).matches);
}
