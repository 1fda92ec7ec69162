import { useTranslation } from 'react-i18next';
import { useActions, useApp } from '../shared/index.js';

/** The films that came together with one that is read, by name. */
export function Waiting() {
  const { t } = useTranslation();
  const films = useApp((state) => state.films);
  const currentId = useApp((state) => state.currentId);
  const { openFilm } = useActions();
  const waiting = films.filter(({ id, phase }) => phase.kind === 'waiting' && id !== currentId);
  const next = waiting[0];
  if (!next) return null;
  return (
    <section className="waiting" data-testid="waiting">
      <h2>{t('films.waiting', { count: waiting.length })}</h2>
      <ul>
        {waiting.map(({ id, name }) => (
          <li key={id}>
            <button type="button" className="quiet" onClick={() => openFilm(id)}>
              {name}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
