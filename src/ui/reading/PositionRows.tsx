import { useTranslation } from 'react-i18next';
import { POSITION_IDS, type PositionId } from '../../core/result.js';
import { formatProbability, rampColour, useActions, useApp } from '../shared/index.js';
import { scoreAt, type ReadFilm } from './reading-model.js';
import { ScoreTable } from './ScoreTable.js';
import { useEmphasis, useNames } from './use-reading.js';

/** The five positions as rows, and the same numbers as a table. */
export function PositionRows({ film }: { readonly film: ReadFilm }) {
  const { t } = useTranslation();
  const tableShown = useApp((state) => state.tableShown);
  const { toggleTable } = useActions();
  return (
    <section className="positions">
      <header>
        <h2>{t('result.positions')}</h2>
        <button type="button" className="link" aria-pressed={tableShown} onClick={toggleTable}>
          {t('result.table')}
        </button>
      </header>
      <ol>
        {POSITION_IDS.map((id, index) => (
          <PositionRow key={id} film={film} id={id} digit={index + 1} />
        ))}
      </ol>
      <ScoreTable film={film} shown={tableShown} />
    </section>
  );
}

interface PositionRowProps {
  readonly film: ReadFilm;
  readonly id: PositionId;
  readonly digit: number;
}

function PositionRow({ film, id, digit }: PositionRowProps) {
  const { t } = useTranslation();
  const { hover, togglePin } = useActions();
  const { shown, here, pinned } = useEmphasis(film, id);
  const name = useNames(film)(id);
  const { threshold } = film.phase.scored.result;
  const probability = scoreAt(film, id)?.probability ?? NaN;
  const value = formatProbability(probability, threshold);
  return (
    <li
      className="position"
      data-shown={shown}
      data-here={here}
      style={{ '--colour': rampColour(probability), '--score': `${100 * probability}%`, '--threshold': `${100 * threshold}%` }}
      onPointerEnter={(event) => event.pointerType === 'mouse' && hover(id)}
      onPointerLeave={() => hover(undefined)}
    >
      <kbd aria-hidden>{digit}</kbd>
      <span>{name}</span>
      <span className="bar" aria-hidden>
        <i />
      </span>
      {/* The button's own area is the whole row (CSS); its text is the number alone. */}
      <button
        type="button"
        data-testid={`score-${id}`}
        data-value={probability}
        aria-label={t('result.pin', { name, value })}
        aria-pressed={pinned}
        onFocus={(event) => event.currentTarget.matches(':focus-visible') && hover(id)}
        onBlur={() => hover(undefined)}
        onClick={() => togglePin(id)}
      >
        {value}
      </button>
    </li>
  );
}
