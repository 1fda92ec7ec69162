import { useTranslation } from 'react-i18next';
import { formatProbability } from '../shared/index.js';
import type { ReadFilm } from './reading-model.js';
import { maxAboveOf, ruleWords } from './rule-words.js';
import { useNames } from './use-reading.js';

interface ScoreTableProps {
  readonly film: ReadFilm;
  /** Screen readers have the table always; others when they ask for it. */
  readonly shown: boolean;
}

export function ScoreTable({ film, shown }: ScoreTableProps) {
  const { t } = useTranslation();
  const nameOf = useNames(film);
  const { positions, score, threshold, aboveThreshold, rule } = film.phase.scored.result;
  const side = (above: boolean): string => (above ? t('result.aboveShort') : t('result.belowShort'));
  return (
    <div className={shown ? 'score-table' : 'score-table visually-hidden'}>
      <table>
        <caption>{t('result.tableCaption', { film: film.name })}</caption>
        <thead>
          <tr>
            <th scope="col">{t('result.tablePosition')}</th>
            <th scope="col">{t('result.tableProbability')}</th>
            <th scope="col">{t('result.tableThreshold', { value: threshold.toFixed(2) })}</th>
          </tr>
        </thead>
        <tbody>
          {positions.map(({ id, probability }) => (
            <tr key={id}>
              <th scope="row">{nameOf(id)}</th>
              <td>{formatProbability(probability, threshold)}</td>
              <td>{side(probability > threshold)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">
              {t('result.imageScore')}, {ruleWords(t, rule, maxAboveOf(film.phase.manifest))}
            </th>
            <td>{formatProbability(score, threshold)}</td>
            <td>{side(aboveThreshold)}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
