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
  const Dialog = opened === undefined || opened === 'failed' ? undefined : dialogOf(opened.kind, opened.dialogs);
  return (
    <>
      <button type="button" onClick={() => open('share')} data-testid="share">
        {t('share.button')}
      </button>
      <button type="button" onClick={() => open('save')} data-testid="save">
        {t('save.button')}
      </button>
      {opened === 'failed' && <p role="alert">{t('share.notLoaded')}</p>}
      {Dialog && <Dialog film={film} onClose={close} />}
    </>
  );
}

function dialogOf(kind: Kind, { ShareDialog, SaveDialog }: Dialogs): Dialogs['ShareDialog'] | Dialogs['SaveDialog'] {
  return kind === 'share' ? ShareDialog : SaveDialog;
}
