import { useEffect } from 'react';
import { POSITION_IDS } from '../../core/result.js';
import { useActions } from '../shared/index.js';

/** Keys 1 to 5 pin a position, Escape lets it go; only while a result is shown and nothing lies over it. */
export function useKeys(active: boolean): void {
  const { togglePin, unpin } = useActions();
  useEffect(() => {
    if (!active) return;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || document.querySelector('dialog[open]')) return;
      const id = POSITION_IDS[Number(event.key) - 1];
      if (id) togglePin(id);
      else if (event.key === 'Escape') unpin();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [active, togglePin, unpin]);
}
