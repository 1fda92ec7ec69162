import { useTranslation } from 'react-i18next';
import type { PositionId } from '../../core/result.js';
import { formatProbability, rampColour, useActions } from '../shared/index.js';
import { scoreAt, type ReadFilm } from './reading-model.js';
import { useEmphasis, useNames } from './use-reading.js';

interface BracketProps {
  readonly film: ReadFilm;
  readonly id: Exclude<PositionId, 'whole'>;
}

/**
 * A position's bracket along its side of the film. Pointing and tapping work here as on the position's row, which is the
 * one that the keyboard and screen readers meet.
 */
export function Bracket({ film, id }: BracketProps) {
  const { t } = useTranslation();
  const { hover, togglePin } = useActions();
  const { shown, here } = useEmphasis(film, id);
  const name = useNames(film)(id);
  const { threshold } = film.phase.scored.result;
  const probability = scoreAt(film, id)?.probability ?? NaN;
  return (
    <div
      className={`bracket ${id}`}
      data-shown={shown}
      data-here={here}
      style={{ '--colour': rampColour(probability) }}
      title={name}
      aria-hidden
      onPointerEnter={(event) => event.pointerType === 'mouse' && hover(id)}
      onPointerLeave={() => hover(undefined)}
      onClick={() => togglePin(id)}
    >
      <i />
      <span>
        {id === 'upper' && `${t('positions.shortUpper')} `}
        {id === 'lower' && `${t('positions.shortLower')} `}
        <b>{formatProbability(probability, threshold)}</b>
      </span>
      <i />
    </div>
  );
}
