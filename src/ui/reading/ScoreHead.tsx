import { useTranslation } from 'react-i18next';
import type { ScoreResult } from '../../core/result.js';
import { formatProbability, RAMP_GRADIENT } from '../shared/index.js';
import { ruleWords } from './rule-words.js';

interface ScoreHeadProps {
  readonly scores: Pick<ScoreResult, 'score' | 'threshold' | 'aboveThreshold' | 'rule'>;
  /** The bound of PPAD's rule, where it is known. */
  readonly maxAbove: number | undefined;
}

/** The image score, on which side of the threshold it lies, and which rule made it. */
export function ScoreHead({ scores, maxAbove }: ScoreHeadProps) {
  const { t } = useTranslation();
  const { score, threshold, aboveThreshold, rule } = scores;
  return (
    <section className="score-head">
      <h2 className="visually-hidden">{t('result.imageScore')}</h2>
      <div className="score-line">
        <span className="score-big" data-testid="image-score" data-value={score} data-above={aboveThreshold}>
          {formatProbability(score, threshold)}
        </span>
        <p>
          <strong>{aboveThreshold ? t('result.above') : t('result.below')}</strong>
          <span>{ruleWords(t, rule, maxAbove)}</span>
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
