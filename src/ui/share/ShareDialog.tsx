import { useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { encodeFragment } from '../../core/link/encode-link.js';
import { countLetters, NOTE_LIMIT } from '../../core/link/note-text.js';
import { makePreview } from '../../core/link/preview-writer.js';
import { toShared } from '../../core/link/shared-result.js';
import { PreviewPicture } from '../link/index.js';
import type { ReadFilm } from '../reading/index.js';
import { Dialog } from '../shared/index.js';
import { QrCode } from './QrCode.js';

interface ShareDialogProps {
  readonly film: ReadFilm;
  readonly onClose: () => void;
}

/** Makes a link of a result: what it holds is said, and anything beyond the numbers is asked for. */
export function ShareDialog({ film, onClose }: ShareDialogProps) {
  const { t } = useTranslation();
  const [note, setNote] = useState('');
  const [pictured, setPictured] = useState(false);
  const hint = useId();
  const warning = useId();
  const { result, pixels } = film.phase.scored;
  const preview = useMemo(() => (pictured ? makePreview({ facts: result.film, pixels }) : undefined), [pictured, result, pixels]);
  const tooLong = Math.max(0, countLetters(note) - NOTE_LIMIT);
  const link = useMemo(() => {
    const { manifest } = film.phase;
    const { sides, synthetic } = film;
    const said = tooLong > 0 ? undefined : note;
    return pageAddress(encodeFragment(toShared(result, { sides, manifest, synthetic, note: said, preview })));
  }, [film, result, note, tooLong, preview]);
  return (
    <Dialog title={t('share.title')} onClose={onClose}>
      <div className="share">
        <LinkField link={link} />
        <label className="share-note">
          {t('share.note')}
          <textarea
            rows={2}
            value={note}
            aria-describedby={hint}
            aria-invalid={tooLong > 0}
            data-testid="share-note"
            onChange={(event) => setNote(event.target.value)}
          />
        </label>
        <p id={hint} className="hint" role={tooLong > 0 ? 'alert' : undefined}>
          {tooLong > 0
            ? t('share.noteTooLong', { count: tooLong })
            : t('share.noteHint', { left: NOTE_LIMIT - countLetters(note), limit: NOTE_LIMIT })}
        </p>
        <div className="share-picture">
          <label>
            <input
              type="checkbox"
              checked={pictured}
              aria-describedby={warning}
              data-testid="share-preview"
              onChange={(event) => setPictured(event.target.checked)}
            />{' '}
            {t('share.preview')}
          </label>
          <p id={warning} className="warning">
            {t('share.previewWarning')}
          </p>
          {preview && <PreviewPicture preview={preview} label={t('share.previewAlt')} />}
        </div>
        <QrCode text={link} />
        <section className="share-holds">
          <h3>{t('share.holdsTitle')}</h3>
          <p>{t('share.holds')}</p>
          <p>{t('share.holdsNot')}</p>
        </section>
      </div>
    </Dialog>
  );
}

/** This page's address with another fragment; the reader's own settings (backend, theme) are not passed on. */
function pageAddress(fragment: string): string {
  const url = new URL(document.baseURI);
  url.search = '';
  url.hash = fragment;
  return url.href;
}

function LinkField({ link }: { readonly link: string }) {
  const { t } = useTranslation();
  const field = useRef<HTMLTextAreaElement>(null);
  // Of which link it was told: another one has not been copied.
  const [copied, setCopied] = useState<{ readonly link: string; readonly done: boolean }>();
  const copy = async (): Promise<void> => {
    const done = await navigator.clipboard.writeText(link).then(
      () => true,
      () => false,
    );
    if (!done) field.current?.select();
    setCopied({ link, done });
  };
  const said = copied?.link === link ? copied : undefined;
  return (
    <div className="share-link">
      <label>
        {t('share.link')} <span className="hint">{t('share.length', { count: link.length })}</span>
        <textarea
          ref={field}
          readOnly
          rows={3}
          value={link}
          data-testid="share-link"
          onFocus={(event) => event.target.select()}
        />
      </label>
      <div className="actions">
        <button type="button" className="primary" onClick={() => void copy()}>
          {t('share.copy')}
        </button>
        {'share' in navigator && (
          // Whoever closes the system's sheet has changed their mind: nothing to say.
          <button type="button" onClick={() => void navigator.share({ url: link }).catch(() => undefined)}>
            {t('share.send')}
          </button>
        )}
        <p className="hint" role="status">
          {said && (said.done ? t('share.copied') : t('share.copyFailed'))}
        </p>
      </div>
    </div>
  );
}
