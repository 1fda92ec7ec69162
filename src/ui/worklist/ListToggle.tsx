import { useTranslation } from 'react-i18next';
import { useApp } from '../shared/index.js';
import { countFilms } from './counts.js';

interface ListToggleProps {
  readonly open: boolean;
  readonly onToggle: () => void;
}

/** The header's button for the list: how many films there are, and while it works how many are done. */
export function ListToggle({ open, onToggle }: ListToggleProps) {
  const { t } = useTranslation();
  const total = useApp((state) => state.films.length);
  const scored = useApp((state) => countFilms(state.films).scored);
  const working = useApp((state) => countFilms(state.films).open > 0);
  if (total === 0) return null;
  return (
    <button
      type="button"
      className="quiet list-toggle"
      aria-expanded={open}
      aria-controls="worklist"
      data-testid="list-toggle"
      onClick={onToggle}
    >
      {working && total > 1 ? t('list.toggleDone', { scored, total }) : t('list.toggle', { count: total })}
    </button>
  );
}
