import { useTranslation } from 'react-i18next';
import type { ErrorValue } from '../../core/result.js';
import { useActions } from '../shared/index.js';
import { ErrorView } from '../status/index.js';

/** A link that is not shown, and why. */
export function LinkRefused({ error }: { readonly error: ErrorValue }) {
  const { t } = useTranslation();
  const { closeLink } = useActions();
  return (
    <div className="between">
      <h1 className="visually-hidden">{t('link.documentTitle')}</h1>
      <ErrorView error={error} onAgain={closeLink}>
        <button type="button" onClick={closeLink}>
          {t('error.start')}
        </button>
      </ErrorView>
    </div>
  );
}
