import { useTranslation } from 'react-i18next';
import type { Film } from '../../state/index.js';
import { Disclosure, formatProbability, rampColour, useActions, useApp, useClose } from '../shared/index.js';

/** All films of this session: each can be opened, or removed. */
export function FilmMenu() {
  const { t } = useTranslation();
  const films = useApp((state) => state.films);
  if (films.length === 0) return null;
  return (
    <Disclosure className="film-menu" label={t('films.button', { count: films.length })}>
      <ul aria-label={t('films.title')}>
        {films.map((film) => (
          <FilmItem key={film.id} film={film} />
        ))}
      </ul>
    </Disclosure>
  );
}

function FilmItem({ film: { id, name, phase } }: { readonly film: Film }) {
  const { t } = useTranslation();
  const current = useApp((state) => state.currentId === id);
  const { openFilm, removeFilm } = useActions();
  const close = useClose();
  const open = (): void => {
    openFilm(id);
    close();
  };
  return (
    <li>
      <button type="button" className="quiet film-item" aria-current={current} onClick={open}>
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
  );
}
