import { useTranslation } from 'react-i18next';
import { formatMegabytes, useActions, useApp } from '../shared/index.js';

/** What is stored on this device and where, against what the browser allows. */
export function StoredList() {
  const { t, i18n } = useTranslation();
  const storage = useApp((state) => state.storage);
  const offline = useApp((state) => state.shell.offline);
  const films = useApp((state) => state.films.length);
  const { persistStorage } = useActions();
  const size = (bytes: number): string => {
    if (bytes < 50_000) return t('privacy.kilobytes', { count: Math.ceil(bytes / 1000) });
    if (bytes < 1e9) return t('privacy.megabytes', { count: formatMegabytes(bytes, i18n.language) });
    return t('privacy.gigabytes', { count: formatMegabytes(bytes / 1000, i18n.language) });
  };
  return (
    <section>
      <h3>{t('privacy.stored.title')}</h3>
      <table className="privacy-stored">
        <thead>
          <tr>
            <th scope="col">{t('privacy.stored.what')}</th>
            <th scope="col">{t('privacy.stored.files')}</th>
            <th scope="col">{t('privacy.stored.size')}</th>
          </tr>
        </thead>
        <tbody>
          <tr data-testid="stored-films">
            <th scope="row">
              {t('privacy.stored.films')} <small>{t('privacy.stored.filmsWhere', { count: films })}</small>
            </th>
            <td>0</td>
            <td>{size(0)}</td>
          </tr>
          {storage?.stored.map(({ kind, files, bytes }) => (
            <tr key={kind} data-testid={`stored-${kind}`} data-files={files} data-bytes={bytes}>
              <th scope="row">
                {t(`privacy.stored.${kind}`)} <small>{t(`privacy.stored.${kind}Where`)}</small>
              </th>
              <td>{files}</td>
              <td>{size(bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {storage?.quota !== undefined && storage.usage !== undefined && (
        <p data-testid="quota">
          {t('privacy.stored.quota', { usage: size(storage.usage), quota: size(storage.quota) })}{' '}
          {storage.persisted ? t('privacy.stored.persisted') : t('privacy.stored.mayGo')}{' '}
          {!storage.persisted && (
            <button type="button" className="link" onClick={() => void persistStorage()}>
              {t('privacy.stored.persist')}
            </button>
          )}
        </p>
      )}
      <p data-testid="offline" data-offline={offline}>
        {t(`privacy.offline.${offline}`)}
      </p>
    </section>
  );
}
