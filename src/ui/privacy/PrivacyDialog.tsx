import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog, useActions, useApp } from '../shared/index.js';
import { ClearAll } from './ClearAll.js';
import { SentProof } from './SentProof.js';
import { StoredList } from './StoredList.js';

/** What left this device, what is stored on it and where, and the way to be rid of it. */
export function PrivacyDialog() {
  const { t } = useTranslation();
  const shown = useApp((state) => state.privacyShown);
  const offline = useApp((state) => state.shell.offline);
  const { showPrivacy, lookAtPrivacy } = useActions();
  useEffect(() => {
    if (shown) void lookAtPrivacy();
    // What is being kept for the next visit shows once it is.
  }, [shown, offline, lookAtPrivacy]);
  if (!shown) return null;
  return (
    <Dialog title={t('privacy.title')} onClose={() => showPrivacy(false)}>
      <div className="privacy" data-testid="privacy">
        <SentProof />
        <StoredList />
        <ClearAll />
      </div>
    </Dialog>
  );
}

interface PrivacyLinkProps {
  /** Undefined: a short one, after a claim. */
  readonly children?: ReactNode;
}

/** The way to it, with what it proves. */
export function PrivacyLink({ children }: PrivacyLinkProps) {
  const { t } = useTranslation();
  const { showPrivacy } = useActions();
  return (
    <button type="button" className="link" data-testid="privacy-link" onClick={() => showPrivacy(true)}>
      {children ?? t('privacy.link')}
    </button>
  );
}
