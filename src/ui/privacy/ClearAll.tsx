import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions, useApp } from '../shared/index.js';

/** Removes everything stored, after asking: a model that was imported does not come back by itself. */
export function ClearAll() {
  const { t } = useTranslation();
  const cleared = useApp((state) => state.cleared);
  const imported = useApp((state) => state.storage?.stored.find(({ kind }) => kind === 'imported')?.files ?? 0);
  const { clearStorage } = useActions();
  const [step, setStep] = useState<'idle' | 'asking' | 'busy'>('idle');
  const clear = (): void => {
    setStep('busy');
    void clearStorage().finally(() => setStep('idle'));
  };
  if (step === 'asking')
    return (
      <div className="privacy-clear" role="group" aria-label={t('privacy.clear.button')}>
        <p>
          {t('privacy.clear.ask')} {imported > 0 && <strong>{t('privacy.clear.imported', { count: imported })}</strong>}
        </p>
        <div className="actions">
          <button type="button" className="primary" data-testid="clear-confirm" onClick={clear}>
            {t('privacy.clear.confirm')}
          </button>
          {/* The way back is where the focus lands: nothing is lost by a second press of the same key. */}
          <button type="button" autoFocus onClick={() => setStep('idle')}>
            {t('privacy.clear.keep')}
          </button>
        </div>
      </div>
    );
  return (
    <div className="privacy-clear">
      {cleared && <p role="status">{t('privacy.clear.done')}</p>}
      <div className="actions">
        <button type="button" data-testid="clear" disabled={step === 'busy'} onClick={() => setStep('asking')}>
          {t('privacy.clear.button')}
        </button>
      </div>
    </div>
  );
}
