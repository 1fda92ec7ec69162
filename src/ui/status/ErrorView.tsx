import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorValue } from '../../core/result.js';
import { ErrorDetails } from '../shared/index.js';
import { remedyOf } from './remedy.js';

interface ErrorViewProps {
  readonly error: ErrorValue;
  /** The file concerned. */
  readonly name?: string | undefined;
  readonly onAgain: () => void;
  /** More ways out: back, another film. */
  readonly children?: ReactNode;
}

/** An error in words: what happened, what to do, and under "details" what the program says. */
export function ErrorView({ error, name, onAgain, children }: ErrorViewProps) {
  const { t } = useTranslation();
  const remedy = remedyOf(error.code);
  return (
    <section className="error" role="alert" data-testid="error" data-code={error.code}>
      {name !== undefined && <p className="error-file">{name}</p>}
      <h2>{t(`errors.${error.code}.title`)}</h2>
      <p>{t(`errors.${error.code}.advice`)}</p>
      <div className="actions">
        {remedy === 'again' && (
          <button type="button" className="primary" onClick={onAgain}>
            {t('error.again')}
          </button>
        )}
        {remedy === 'reload' && (
          <button type="button" className="primary" onClick={() => location.reload()}>
            {t('error.reload')}
          </button>
        )}
        {children}
      </div>
      <details>
        <summary>{t('error.detail')}</summary>
        <p>
          <code>{error.code}</code>
        </p>
        <ErrorDetails error={error} />
      </details>
    </section>
  );
}
