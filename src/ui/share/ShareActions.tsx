import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReadFilm } from '../reading/index.js';

type Kind = 'share' | 'save';
type Dialogs = typeof import('./dialogs.js');

/** The ways of a result out of this page, each of them asked for. */
export function ShareActions({ film }: { readonly film: ReadFilm }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState<{ readonly kind: Kind; readonly dialogs: Dialogs } | 'failed'>();
  const open = (kind: Kind): void => {
    import('./dialogs.js').then(
      (dialogs) => setOpened({ kind, dialogs }),
      () => setOpened('failed'),
    );
  };
  const close = (): void => setOpened(undefined);
  const { kind, dialogs } = opened === 'failed' || opened === undefined ? { kind: undefined, dialogs: undefined } : opened;
  return (
    <>
      <button type="button" onClick={() => open('share')} data-testid="share">
        {t('share.button')}
      </button>
      <button type="button" onClick={() => open('save')} data-testid="save">
        {t('save.button')}
      </button>
      {opened === 'failed' && <p role="alert">{t('share.notLoaded')}</p>}
      {dialogs && kind === 'share' && <dialogs.ShareDialog film={film} onClose={close} />}
      {dialogs && kind === 'save' && <dialogs.SaveDialog film={film} onClose={close} />}
    </>
  );
}
