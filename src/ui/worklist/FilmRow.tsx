import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ScoreResult } from '../../core/result.js';
import { resultOf, type Film } from '../../state/index.js';
import { positionName } from '../reading/index.js';
import { formatProbability, useActions, useApp } from '../shared/index.js';
import { ScoreStrip } from './ScoreStrip.js';
import { Thumbnail } from './Thumbnail.js';

interface FilmRowProps {
  readonly film: Film;
  /** Its place in the list, from 0. */
  readonly index: number;
  /** Pixels from the list's beginning. */
  readonly top: number;
  readonly height: number;
  /** On stage. */
  readonly current: boolean;
  /** Where the list's own keys are. */
  readonly active: boolean;
  readonly onOpen: (id: number) => void;
}

export const rowId = (id: number): string => `film-row-${id}`;

/** One film of the list. Drawn again only when something about this film changes. */
export const FilmRow = memo(function FilmRow({ film, index, top, height, current, active, onOpen }: FilmRowProps) {
  const { t } = useTranslation();
  const { removeFilms } = useActions();
  const { id, name, folder, phase } = film;
  const result = resultOf(film);
  return (
    <div
      role="row"
      id={rowId(id)}
      className="film-row"
      aria-rowindex={index + 2}
      aria-selected={current}
      data-active={active}
      data-testid="film-row"
      data-name={name}
      data-phase={phase.kind}
      data-code={phase.kind === 'failed' ? phase.error.code : undefined}
      data-score={result?.score}
      style={{ transform: `translateY(${top}px)`, height }}
      title={folder + name}
      onClick={() => onOpen(id)}
    >
      <span role="gridcell" className="film-cell">
        <Thumbnail film={film} />
        <span className="film-words">
          <span className="film-name">{name}</span>
          <FilmState film={film} result={result} />
        </span>
      </span>
      {result ? <Scores film={film} result={result} /> : <Ways film={film} />}
      <span role="gridcell" className="film-end">
        <button
          type="button"
          className="quiet film-remove"
          tabIndex={-1}
          aria-label={t('films.remove', { name })}
          title={t('films.remove', { name })}
          onClick={(event) => {
            event.stopPropagation();
            removeFilms([id]);
          }}
        >
          ×
        </button>
      </span>
    </div>
  );
});

function FilmState({ film: { phase }, result }: { readonly film: Film; readonly result: ScoreResult | undefined }) {
  const { t } = useTranslation();
  if (result)
    return (
      <span className="film-state">
        {result.aboveThreshold ? t('list.above') : t('list.below')}
        {result.chestCheck?.flagged && ` · ${t('list.doubt')}`}
      </span>
    );
  if (phase.kind === 'failed') return <span className="film-state bad">{t(`errors.${phase.error.code}.title`)}</span>;
  if (phase.kind === 'busy')
    return (
      <span className="film-state" data-busy>
        {phase.stage === 'queued' ? t('films.state.busy') : t(`progress.${phase.stage}`)}
      </span>
    );
  return <span className="film-state">{phase.kind === 'stopped' ? t('films.state.stopped') : t('films.state.waiting')}</span>;
}

function Scores({ film, result }: { readonly film: Film; readonly result: ScoreResult }) {
  const { t } = useTranslation();
  const language = useApp((state) => state.settings.language);
  const { phase, sides } = film;
  if (phase.kind !== 'kept' && phase.kind !== 'scored') return null;
  const five = result.positions
    .map(
      ({ id, probability }) =>
        `${positionName(t, language, phase.manifest, id, sides)} ${formatProbability(probability, result.threshold)}`,
    )
    .join(', ');
  return (
    <>
      <span role="gridcell" aria-label={five} title={five}>
        <ScoreStrip result={result} />
      </span>
      <span role="gridcell" className="film-score" data-above={result.aboveThreshold}>
        {formatProbability(result.score, result.threshold)}
      </span>
    </>
  );
}

/** What can be done with a film that has no result. */
function Ways({ film: { id, name, phase, refused } }: { readonly film: Film }) {
  const { t } = useTranslation();
  const { retry } = useActions();
  const can = (phase.kind === 'failed' || phase.kind === 'stopped') && !refused;
  return (
    <>
      <span role="gridcell" className="film-ways">
        {can && (
          <button
            type="button"
            className="link"
            tabIndex={-1}
            aria-label={t('list.retryOne', { name })}
            onClick={(event) => {
              event.stopPropagation();
              retry([id]);
            }}
          >
            {t('list.retry')}
          </button>
        )}
      </span>
      <span role="gridcell" />
    </>
  );
}
