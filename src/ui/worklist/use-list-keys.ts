import { useEffect } from 'react';
import { useActions } from '../shared/index.js';

/** J and K open the next and the previous film of the list, wherever the focus is but in a text field or a dialogue. */
export function useListKeys(): void {
  const { step } = useActions();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
      if (event.target instanceof HTMLElement && event.target.matches('input:not([type=range]), select, textarea')) return;
      const key = event.key.toLowerCase();
      if (key === 'j') step(1);
      else if (key === 'k') step(-1);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [step]);
}
