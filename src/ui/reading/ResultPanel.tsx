import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { WordsEditor } from '../models/index.js';
import { ChestNotice } from './ChestNotice.js';
import { Facts } from './Facts.js';
import { PositionRows } from './PositionRows.js';
import type { ReadFilm } from './reading-model.js';
import { maxAboveOf } from './rule-words.js';
import { ScoreHead } from './ScoreHead.js';

interface ResultPanelProps {
  readonly film: ReadFilm;
  /** Ways of the result out of the page, beside printing. */
  readonly actions: ReactNode;
  /** What only paper says. */
  readonly report: ReactNode;
}

/** All that is said about a film, in one column. */
export function ResultPanel({ film, actions, report }: ResultPanelProps) {
  const { t } = useTranslation();
  return (
    <div className="result" data-testid="result" data-rule={film.phase.scored.result.rule} data-sides={film.sides}>
      <h1 className="visually-hidden">
        {t('result.title')}: {film.name}
      </h1>
      <ScoreHead scores={film.phase.scored.result} maxAbove={maxAboveOf(film.phase.manifest)} />
      <ChestNotice chestCheck={film.phase.scored.result.chestCheck} synthetic={film.synthetic} />
      <PositionRows film={film} />
      <WordsEditor manifest={film.phase.manifest} />
      <Facts film={film} />
      {report}
      <div className="actions print-button">
        {actions}
        <button type="button" onClick={() => window.print()}>
          {t('result.print')}
        </button>
      </div>
      <p className="note">{t('app.disclaimer')}</p>
    </div>
  );
}
