import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A modal page over the page. The browser's own dialog keeps focus inside, closes on Escape and gives focus back. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const { t } = useTranslation();
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    // Left open when it goes: closing it here would tell its owner that the reader did.
    if (!ref.current?.open) ref.current?.showModal();
  }, []);
  const close = (): void => ref.current?.close();
  return (
    <dialog
      ref={ref}
      className="dialog"
      aria-labelledby="dialog-title"
      onClose={onClose}
      onClick={(event) => event.target === ref.current && close()}
    >
      <div className="dialog-page">
        <div className="dialog-head">
          <h2 id="dialog-title">{title}</h2>
          <button type="button" className="quiet" onClick={close}>
            {t('app.close')}
          </button>
        </div>
        <div className="dialog-body" tabIndex={0} role="region" aria-labelledby="dialog-title">
          {children}
        </div>
      </div>
    </dialog>
  );
}
