import { isResultFragment } from '../core/link/decode-link.js';
import type { AppStore } from './store.js';

/** The page's places for a link; a test brings its own. */
export interface LinkPlaces {
  readonly location: Pick<Location, 'href' | 'hash'>;
  readonly history: Pick<History, 'pushState'>;
  /** Where `hashchange` is heard. */
  readonly events: Pick<EventTarget, 'addEventListener'>;
}

/**
 * Keeps link and address in step: a result in the hash is shown, now and whenever the hash changes; a link that is left goes
 * from the address, where "back" finds it again. Returns whether the page was opened with one.
 */
export function syncLink(store: AppStore, { location, history, events }: LinkPlaces): boolean {
  const follow = (): void => {
    if (isResultFragment(location.hash)) store.getState().openLink(location.hash);
    // Other hashes are places within the page; only an empty one has left the link.
    else if (location.hash === '') store.getState().closeLink();
  };
  events.addEventListener('hashchange', follow);
  store.subscribe((state, before) => {
    const opened = state.currentId !== before.currentId && state.currentId !== undefined;
    if (state.link && (opened || state.films.length > before.films.length)) state.closeLink();
    if (state.link || !before.link || !isResultFragment(location.hash)) return;
    const url = new URL(location.href);
    url.hash = '';
    history.pushState(null, '', url);
  });
  follow();
  return store.getState().link !== undefined;
}
