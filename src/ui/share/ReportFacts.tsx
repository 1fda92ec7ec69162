import { useTranslation } from 'react-i18next';
import type { ReadFilm } from '../reading/index.js';

/** What stands above a printed result, and on paper alone. */
export function ReportHead() {
  const { t } = useTranslation();
  return (
    <div className="paper report-head">
      <p>{t('report.title')}</p>
      <p>{t('report.researchUse')}</p>
    </div>
  );
}

/** What a printed result says beyond the page: where its numbers come from, in full. The file's name only where it was ticked. */
export function ReportFacts({ film }: { readonly film: ReadFilm }) {
  const { t } = useTranslation();
  const { pack, date, app, inputDigest } = film.phase.scored.result;
  return (
    <dl className="paper report-facts" data-testid="report-facts">
      <dt className="paper-name">{t('report.file')}</dt>
      <dd className="paper-name">{film.name}</dd>
      <dt>{t('report.made')}</dt>
      <dd>{t('report.madeBy', { date: date.slice(0, 16).replace('T', ' '), app })}</dd>
      <dt>{t('report.hash')}</dt>
      <dd>{pack.sha256}</dd>
      <dt>{t('report.input')}</dt>
      <dd>{inputDigest}</dd>
    </dl>
  );
}
