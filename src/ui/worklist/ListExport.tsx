import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FilmExport } from '../../core/export/film-export.js';
import { resultsCsv } from '../../core/export/results-csv.js';
import { resultsJson } from '../../core/export/results-json.js';
import { resultOf, type Film } from '../../state/index.js';
import { saveFile } from '../share/index.js';
import { Disclosure } from '../shared/index.js';

/** The list as shown, as a table or as data; names of files go with it only where that is ticked. */
export function ListExport({ films }: { readonly films: readonly Film[] }) {
  const { t } = useTranslation();
  const [withNames, setWithNames] = useState(false);
  const first = films.find((film) => resultOf(film));
  const app = first && resultOf(first)?.app;
  if (app === undefined) return null;
  const save = (format: 'csv' | 'json'): void => {
    const exported = films.flatMap(exportOf);
    const date = new Date().toISOString();
    const text = format === 'csv' ? resultsCsv(exported, { withNames }) : resultsJson(exported, { withNames, app, date });
    saveFile(
      `position-scores-${date.slice(0, 10)}.${format}`,
      new Blob([text], { type: format === 'csv' ? 'text/csv' : 'application/json' }),
    );
  };
  return (
    <Disclosure label={t('list.export')} className="list-export" testId="list-export">
      <div className="list-export-panel">
        <div className="actions">
          {(['csv', 'json'] as const).map((format) => (
            <button key={format} type="button" onClick={() => save(format)} data-testid={`list-${format}`}>
              {format.toUpperCase()}
            </button>
          ))}
        </div>
        <label>
          <input type="checkbox" checked={withNames} onChange={(event) => setWithNames(event.target.checked)} />{' '}
          {t('save.withName')}
        </label>
        <p className="hint">{t('report.researchUse')}</p>
      </div>
    </Disclosure>
  );
}

function exportOf(film: Film): FilmExport[] {
  const { name, synthetic, sides, phase } = film;
  const result = resultOf(film);
  if (result && (phase.kind === 'scored' || phase.kind === 'kept'))
    return [{ name, synthetic, sides, result, manifest: phase.manifest }];
  return phase.kind === 'failed' ? [{ name, error: phase.error }] : [];
}
