import { useTranslation } from 'react-i18next';
import { formatProbability, RAMP_GRADIENT } from '../shared/index.js';
import type { ReadFilm } from './reading-model.js';
import { useRuleWords } from './use-rule-words.js';

/** The image score, on which side of the threshold it lies, and which rule made it. */
export function ScoreHead({ film }: { readonly film: ReadFilm }) {
  const { t } = useTranslation();
  const { score, threshold, aboveThreshold } = film.phase.scored.result;
  const ruleWords = useRuleWords(film);
  return (
    <section className="score-head">
      <h2 className="visually-hidden">{t('result.imageScore')}</h2>
      <div className="score-line">
        <span className="score-big" data-testid="image-score" data-value={score} data-above={aboveThreshold}>
          {formatProbability(score, threshold)}
        </span>
        <p>
          <strong>{aboveThreshold ? t('result.above') : t('result.below')}</strong>
          <span>{ruleWords}</span>
        </p>
      </div>
      <div className="scale" style={{ '--score': `${100 * score}%`, '--threshold': `${100 * threshold}%` }} aria-hidden>
        <i className="scale-ramp" style={{ background: RAMP_GRADIENT }} />
        <i className="scale-tick" />
        <i className="scale-dot" />
        <span>{t('result.threshold', { value: threshold.toFixed(2) })}</span>
      </div>
    </section>
  );
}
