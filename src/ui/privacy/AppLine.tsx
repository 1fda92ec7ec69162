import { useTranslation } from 'react-i18next';
import { useActions, useApp } from '../shared/index.js';
import { PrivacyLink } from './PrivacyDialog.js';

/** On the start page: whether the page works without a network, the way to what is stored, and to install it. */
export function AppLine() {
  const { t } = useTranslation();
  const { offline, installable } = useApp((state) => state.shell);
  const { install } = useActions();
  return (
    <p className="app-line">
      {offline === 'ready' && <span>{t('privacy.offline.short')} </span>}
      <PrivacyLink>{t('privacy.title')}</PrivacyLink>{' '}
      {installable && (
        <button type="button" className="link" onClick={install}>
          {t('privacy.install')}
        </button>
      )}
    </p>
  );
}
