import { useTranslation } from 'react-i18next';
import type { EnginePhase, FilmPhase } from '../../state/index.js';
import { backendName } from '../models/index.js';
import { formatMegabytes } from '../shared/index.js';

interface ProgressProps {
  readonly engine: EnginePhase;
  /** The film under way; without one, the model's own loading is told. */
  readonly film?: { readonly name: string; readonly stage: (FilmPhase & { kind: 'busy' })['stage'] };
  readonly onCancel?: () => void;
}

/** What is being done now: bytes while the model comes, then stages of the film. */
export function Progress({ engine, film, onCancel }: ProgressProps) {
  const { t, i18n } = useTranslation();
  const starting = engine.kind === 'starting' ? engine : undefined;
  const atFilm = film && film.stage !== 'queued' ? film.stage : undefined;
  const bytes = atFilm ? undefined : starting?.bytes;
  const arriving = bytes && bytes.loaded < bytes.total ? bytes : undefined;
  const label = atFilm
    ? t(`progress.${atFilm}`)
    : arriving
      ? t('progress.model')
      : starting?.trying
        ? t('progress.checking', { backend: backendName(t, starting.trying) })
        : starting
          ? t('progress.preparing')
          : t('progress.queued');
  const megabytes = (count: number): string => formatMegabytes(count, i18n.language);
  return (
    <div className="progress" data-testid="progress">
      {film && <p className="progress-film">{film.name}</p>}
      <p className="progress-line">
        <span>{label}</span>
        {arriving && <span>{t('progress.bytes', { loaded: megabytes(arriving.loaded), total: megabytes(arriving.total) })}</span>}
      </p>
      {arriving ? <progress aria-label={label} value={arriving.loaded} max={arriving.total} /> : <progress aria-label={label} />}
      {onCancel && (
        <button type="button" onClick={onCancel}>
          {t('progress.cancel')}
        </button>
      )}
    </div>
  );
}
