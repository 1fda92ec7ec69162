import { useTranslation } from 'react-i18next';
import { useActions, useApp, useLanguage } from '../shared/index.js';

/** The offer of a newer version: never taken by itself, since every window loads again with it. */
export function UpdateBar() {
  const { t } = useTranslation();
  const { update, busyWindows } = useApp((state) => state.shell);
  const films = useApp((state) => state.films.length);
  const language = useLanguage();
  const { takeUpdate, putOffUpdate, repair } = useActions();
  if (update === 'none') return null;
  return (
    <div className="update-bar" role="status" data-testid="update" data-update={update}>
      <p>
        {update === 'busy' ? t('update.busy', { count: busyWindows }) : t(`update.${update}`)}
        {films > 0 && language !== 'zh' && ' '}
        {films > 0 && t('update.films', { count: films })}
      </p>
      <div className="actions">
        {update === 'ready' && (
          <button type="button" className="primary" onClick={() => takeUpdate(false)}>
            {t('update.take')}
          </button>
        )}
        {update === 'busy' && (
          <button type="button" onClick={() => takeUpdate(true)}>
            {t('update.force')}
          </button>
        )}
        {update === 'stuck' && (
          <button type="button" className="primary" onClick={repair}>
            {t('update.repair')}
          </button>
        )}
        <button type="button" onClick={putOffUpdate}>
          {t('update.later')}
        </button>
      </div>
    </div>
  );
}

/** Told once: what another app shared did not arrive. */
export function ShareLost() {
  const { t } = useTranslation();
  const lost = useApp((state) => state.shell.shareLost);
  const { changeShell } = useActions();
  if (!lost) return null;
  return (
    <div className="update-bar" role="alert" data-testid="share-lost">
      <p>{t('update.shareLost')}</p>
      <div className="actions">
        <button type="button" onClick={() => changeShell({ shareLost: false })}>
          {t('app.close')}
        </button>
      </div>
    </div>
  );
}
