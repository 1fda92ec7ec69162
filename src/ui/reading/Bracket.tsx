import { useTranslation } from 'react-i18next';
import type { CSSProperties, PointerEvent } from 'react';
import type { PositionId } from '../../core/result.js';
import { formatProbability, rampColour, useActions } from '../shared/index.js';
import { scoreAt, type ReadFilm } from './reading-model.js';
import { useEmphasis, useNames } from './use-reading.js';

interface BracketProps {
  readonly film: ReadFilm;
  readonly id: Exclude<PositionId, 'whole'>;
}

/** A position's bracket along its side of the film. */
export function Bracket({ film, id }: BracketProps) {
  const { t } = useTranslation();
  const { value, attributes } = useMark(film, id);
  return (
    <div className={`bracket ${id}`} {...attributes}>
      <i />
      <span>
        {id === 'upper' && `${t('positions.shortUpper')} `}
        {id === 'lower' && `${t('positions.shortLower')} `}
        <b>{value}</b>
      </span>
      <i />
    </div>
  );
}

/** The whole film's mark, which has no side to lie along: it stands in the head. */
export function WholeMark({ film }: { readonly film: ReadFilm }) {
  const { t } = useTranslation();
  const { value, attributes } = useMark(film, 'whole');
  return (
    <span className="whole" {...attributes}>
      <i /> <span className="whole-word">{t('positions.shortWhole')}</span> <b>{value}</b>
    </span>
  );
}

/**
 * What all marks around the film share. Pointing and tapping work on them as on the position's row, which is the one that
 * the keyboard and screen readers meet.
 */
function useMark(film: ReadFilm, id: PositionId) {
  const { hover, togglePin } = useActions();
  const { shown, here } = useEmphasis(film, id);
  const title = useNames(film)(id);
  const probability = scoreAt(film, id)?.probability ?? NaN;
  const style: CSSProperties = { '--colour': rampColour(probability) };
  return {
    value: formatProbability(probability, film.phase.scored.result.threshold),
    attributes: {
      title,
      style,
      'data-shown': shown,
      'data-here': here,
      'aria-hidden': true,
      onPointerEnter: (event: PointerEvent) => event.pointerType === 'mouse' && hover(id),
      onPointerLeave: () => hover(undefined),
      onClick: () => togglePin(id),
    },
  };
}
