import { useTranslation } from 'react-i18next';
import { Waiting } from '../intake/index.js';
import { ChestNotice } from './ChestNotice.js';
import { Facts } from './Facts.js';
import { PositionRows } from './PositionRows.js';
import type { ReadFilm } from './reading-model.js';
import { ScoreHead } from './ScoreHead.js';

/** All that is said about a film, in one column. */
export function ResultPanel({ film }: { readonly film: ReadFilm }) {
  const { t } = useTranslation();
  return (
    <div className="result" data-testid="result" data-rule={film.phase.scored.result.rule} data-sides={film.sides}>
      <h1 className="visually-hidden">
        {t('result.title')}: {film.name}
      </h1>
      <ScoreHead film={film} />
      <ChestNotice film={film} />
      <PositionRows film={film} />
      <Waiting />
      <Facts film={film} />
      <div className="actions print-button">
        <button type="button" onClick={() => window.print()}>
          {t('result.print')}
        </button>
      </div>
      <p className="note">{t('app.disclaimer')}</p>
    </div>
  );
}
