const PREFIX = 'position-reader.once.';

/**
 * True the first time in this tab; false later, and where the tab cannot remember: what reloads the page must not do so
 * for ever. Isolated pages and others do not share what a tab remembers, so this tells only of pages of the same kind.
 */
export function once(what: string): boolean {
  try {
    if (sessionStorage.getItem(PREFIX + what) !== null) return false;
    sessionStorage.setItem(PREFIX + what, new Date().toISOString());
    return true;
  } catch {
    return false;
  }
}

export function forgetOnce(what: string): void {
  try {
    sessionStorage.removeItem(PREFIX + what);
  } catch {
    // Nothing was remembered.
  }
}
