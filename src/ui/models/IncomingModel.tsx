import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { packLabel, type Incoming, type JobProgress } from '../../state/index.js';
import { formatMegabytes, useActions, useApp } from '../shared/index.js';
import { ErrorLine } from './ErrorLine.js';
import { ImportReview } from './ImportReview.js';

/** A file on its way into the library, step by step. */
export function IncomingModel() {
  const incoming = useApp((state) => state.incoming);
  if (!incoming) return null;
  return (
    <section className="incoming" data-testid="incoming" data-step={incoming.kind}>
      <Step incoming={incoming} />
    </section>
  );
}

function Step({ incoming }: { readonly incoming: Incoming }) {
  const { t } = useTranslation();
  const { dismissIncoming } = useActions();
  const { name } = incoming;
  const over = (
    <button type="button" onClick={dismissIncoming}>
      {t('models.understood')}
    </button>
  );
  switch (incoming.kind) {
    case 'inspecting':
      return (
        <>
          <Heading step="inspecting">{t('models.inspecting', { name })}</Heading>
          <progress aria-label={t('models.inspecting', { name })} />
          <Stop />
        </>
      );
    case 'review':
      return (
        <>
          <Heading step="review">{name}</Heading>
          <ImportReview key={name} review={incoming} />
        </>
      );
    case 'working':
      return <Working incoming={incoming} />;
    case 'failed':
      return (
        <>
          <Heading step="failed">{t('models.failed', { name })}</Heading>
          <ErrorLine error={incoming.error} />
          <p className="hint">{t('models.nothingKept')}</p>
          {over}
        </>
      );
    case 'stopped':
      return (
        <>
          <Heading step="stopped">{t('models.stopped', { name })}</Heading>
          <p className="hint">{t('models.nothingKept')}</p>
          {over}
        </>
      );
    case 'done':
      return (
        <>
          <Heading step="done">{t(incoming.known ? 'models.known' : 'models.done', { name: packLabel(incoming.pack) })}</Heading>
          <p>{t('models.doneNote')}</p>
          {over}
        </>
      );
  }
}

/** Takes the focus as a step begins, so that keyboard and screen reader follow. */
function Heading({ step, children }: { readonly step: string; readonly children: ReactNode }) {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => ref.current?.focus(), [step]);
  return (
    <h3 ref={ref} tabIndex={-1}>
      {children}
    </h3>
  );
}

function Stop() {
  const { t } = useTranslation();
  const { stopModel } = useActions();
  return (
    <button type="button" onClick={stopModel}>
      {t('models.cancel')}
    </button>
  );
}

function Working({ incoming: { name, progress } }: { readonly incoming: Incoming & { readonly kind: 'working' } }) {
  const { t, i18n } = useTranslation();
  const label = progress ? t(`models.step.${progress.step}`) : t('models.step.begin');
  const megabytes = (bytes: number): string => formatMegabytes(bytes, i18n.language);
  // An import counts bytes of work over all its steps, which is no size that the reader knows.
  const done = ({ step, loaded, total }: JobProgress): string =>
    step === 'copy'
      ? t('progress.bytes', { loaded: megabytes(loaded), total: megabytes(total) })
      : new Intl.NumberFormat(i18n.language, { style: 'percent' }).format(loaded / total);
  return (
    <>
      <Heading step="working">{t('models.working', { name })}</Heading>
      <p className="progress-line">
        <span role="status">{label}</span>
        {progress && <span>{done(progress)}</span>}
      </p>
      {progress ? <progress aria-label={label} value={progress.loaded} max={progress.total} /> : <progress aria-label={label} />}
      <Stop />
    </>
  );
}
