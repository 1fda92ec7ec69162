import { useTranslation } from 'react-i18next';
import type { ErrorValue } from '../../core/result.js';

/** An error where a list or a form stands: what happened, what to do, and what the program says. */
export function ErrorLine({ error: { code, message } }: { readonly error: ErrorValue }) {
  const { t } = useTranslation();
  return (
    <div className="error-line" role="alert" data-testid="model-error" data-code={code}>
      <p>
        <strong>{t(`errors.${code}.title`)}</strong>
      </p>
      <p>{t(`errors.${code}.advice`)}</p>
      <p className="hint" lang="en">
        {message}
      </p>
    </div>
  );
}
