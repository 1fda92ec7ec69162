import { useTranslation } from 'react-i18next';
import { Disclosure, formatProbability, rampColour, useActions, useApp } from '../shared/index.js';

/** All films of this session: each can be opened, or removed. */
export function FilmMenu() {
  const { t } = useTranslation();
  const films = useApp((state) => state.films);
  const currentId = useApp((state) => state.currentId);
  const { openFilm, removeFilm } = useActions();
  if (films.length === 0) return null;
  return (
    <Disclosure className="film-menu" label={t('films.button', { count: films.length })}>
      {(close) => (
        <ul aria-label={t('films.title')}>
          {films.map(({ id, name, phase }) => (
            <li key={id}>
              <button
                type="button"
                className="quiet film-item"
                aria-current={id === currentId}
                onClick={() => {
                  openFilm(id);
                  close();
                }}
              >
                <span className="film-name">{name}</span>
                {phase.kind === 'scored' ? (
                  <span className="film-state">
                    <i style={{ background: rampColour(phase.scored.result.score) }} aria-hidden />
                    {formatProbability(phase.scored.result.score, phase.scored.result.threshold)}
                  </span>
                ) : (
                  <span className="film-state">{t(`films.state.${phase.kind}`)}</span>
                )}
              </button>
              <button
                type="button"
                className="quiet"
                aria-label={t('films.remove', { name })}
                title={t('films.remove', { name })}
                onClick={() => removeFilm(id)}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
    </Disclosure>
  );
}
