import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toAppError } from '../../core/errors.js';
import type { ScoredExport } from '../../core/export/film-export.js';
import { resultsCsv } from '../../core/export/results-csv.js';
import { resultsJson } from '../../core/export/results-json.js';
import type { ReadFilm } from '../reading/index.js';
import { Dialog, useLanguage } from '../shared/index.js';
import { annotatedPng } from './annotated-png.js';
import { describeFilm } from './film-words.js';
import { printPage } from './printing.js';
import { saveFile } from './save-file.js';

const FORMATS = ['png', 'csv', 'json', 'print'] as const;
type Format = (typeof FORMATS)[number];

interface SaveDialogProps {
  readonly film: ReadFilm;
  readonly onClose: () => void;
}

/** A result as a picture, a table, data or paper; the file's name goes with it only where it is ticked. */
export function SaveDialog({ film, onClose }: SaveDialogProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [withNames, setWithNames] = useState(false);
  const [failure, setFailure] = useState<string>();
  const { result } = film.phase.scored;
  // By the input's fingerprint, so that two films get two names and neither is the film's own.
  const fileName = (format: Format): string => `position-scores-${result.inputDigest.slice(0, 8)}.${format}`;

  const save = async (format: Format): Promise<void> => {
    const films = [exported(film)];
    switch (format) {
      case 'png':
        return saveFile(fileName(format), await annotatedPng(describeFilm(t, language, film, withNames), film.phase.scored));
      case 'csv':
        return saveFile(fileName(format), new Blob([resultsCsv(films, { withNames })], { type: 'text/csv' }));
      case 'json': {
        const text = resultsJson(films, { withNames, app: result.app, date: new Date().toISOString() });
        return saveFile(fileName(format), new Blob([text], { type: 'application/json' }));
      }
      case 'print':
        onClose();
        return printPage(withNames);
    }
  };
  const choose = (format: Format): void => {
    setFailure(undefined);
    save(format).catch((thrown: unknown) => setFailure(toAppError(thrown).message));
  };
  return (
    <Dialog title={t('save.title')} onClose={onClose}>
      <div className="save">
        <ul>
          {FORMATS.map((format) => (
            <li key={format}>
              <button type="button" onClick={() => choose(format)} data-testid={`save-${format}`}>
                {t(`save.${format}`)}
              </button>
              <span className="hint">{t(`save.${format}Hint`)}</span>
            </li>
          ))}
        </ul>
        <label>
          <input
            type="checkbox"
            checked={withNames}
            data-testid="save-name"
            onChange={(event) => setWithNames(event.target.checked)}
          />{' '}
          {t('save.withName')}
        </label>
        <p className="hint">{t('save.withNameHint')}</p>
        {failure !== undefined && <p role="alert">{t('save.failed', { reason: failure })}</p>}
        <p className="note">{t('report.researchUse')}</p>
      </div>
    </Dialog>
  );
}

function exported({ name, synthetic, sides, phase }: ReadFilm): ScoredExport {
  return { name, synthetic, sides, result: phase.scored.result, manifest: phase.manifest };
}
