import { useTranslation } from 'react-i18next';
import type { ErrorValue } from '../../core/result.js';
import { ErrorDetails } from '../shared/index.js';

/** An error where a list or a form stands: what happened, what to do, and what the program says. */
export function ErrorLine({ error }: { readonly error: ErrorValue }) {
  const { t } = useTranslation();
  const { code } = error;
  return (
    <div className="error-line" role="alert" data-testid="model-error" data-code={code}>
      <p>
        <strong>{t(`errors.${code}.title`)}</strong>
      </p>
      <p>{t(`errors.${code}.advice`)}</p>
      <ErrorDetails error={error} />
    </div>
  );
}
