import { useTranslation } from 'react-i18next';
import { currentFilm } from '../../state/index.js';
import { formatProbability, useApp } from '../shared/index.js';
import { isRead } from './reading-model.js';

/** Tells a screen reader each new result. */
export function Announcement() {
  const { t } = useTranslation();
  const film = useApp(currentFilm);
  const result = isRead(film) ? film.phase.scored.result : undefined;
  const doubt = result?.chestCheck?.flagged === true ? ` ${t('chest.title')}.` : '';
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {film &&
        result &&
        t('result.announcement', {
          film: film.name,
          score: formatProbability(result.score, result.threshold),
          verdict: result.aboveThreshold ? t('result.above') : t('result.below'),
          threshold: result.threshold.toFixed(2),
        }) + doubt}
    </div>
  );
}
