import { useTranslation } from 'react-i18next';
import { formatMegabytes, useApp } from '../shared/index.js';
import { sortRequests } from './sort-requests.js';

/** What left this device: nothing. The proof is the browser's own record of every request. */
export function SentProof() {
  const { t, i18n } = useTranslation();
  const requests = useApp((state) => state.requests);
  const { own, foreign, received } = sortRequests(requests, location.href);
  return (
    <section>
      <h3>{t('privacy.sent.title')}</h3>
      <p className="privacy-verdict" data-testid="sent" data-foreign={foreign.length} data-own={own.length}>
        {foreign.length === 0 ? t('privacy.sent.nothing') : t('privacy.sent.foreign', { count: foreign.length })}
      </p>
      <p>
        {t('privacy.sent.counted', {
          count: own.length,
          host: location.host,
          received: formatMegabytes(received, i18n.language),
        })}
      </p>
      <p className="hint">{t('privacy.sent.how')}</p>
      <details>
        <summary>{t('privacy.sent.list')}</summary>
        <table className="privacy-requests" lang="en">
          <tbody>
            {[...foreign, ...own].map(({ name, times, received: bytes }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{times > 1 ? `${times} ×` : ''}</td>
                <td>{bytes > 0 ? t('privacy.kilobytes', { count: Math.ceil(bytes / 1000) }) : t('privacy.sent.cached')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}
