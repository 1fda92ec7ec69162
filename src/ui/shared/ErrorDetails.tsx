import { useTranslation } from 'react-i18next';
import type { ErrorValue } from '../../core/result.js';
import { errorFacts } from './error-facts.js';
import { useLanguage } from './page-context.js';

/**
 * What the program says of an error. Its sentences are English; in another language the facts that they name stand first, and the
 * sentence itself behind them.
 */
export function ErrorDetails({ error: { message, detail } }: { readonly error: ErrorValue }) {
  const { t } = useTranslation();
  if (useLanguage() === 'en') return <p className="hint">{message}</p>;
  const facts = errorFacts(detail);
  return (
    <>
      {facts.length > 0 && (
        <p className="hint" data-testid="error-facts">
          {facts.map(([name, value]) => t('error.fact', { name: t(`errorFacts.${name}`), value })).join(t('error.factsBetween'))}
        </p>
      )}
      <details className="hint">
        <summary>{t('error.original')}</summary>
        <p lang="en">{message}</p>
      </details>
    </>
  );
}
