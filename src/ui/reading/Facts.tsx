import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import type { FilmNote } from '../../core/result.js';
import { backendName, ModelLine, Origin } from '../models/index.js';
import { PrivacyLink } from '../privacy/index.js';
import { useActions } from '../shared/index.js';
import { ChestFacts } from './ChestFacts.js';
import type { ReadFilm } from './reading-model.js';
import { knownThresholdNote } from './threshold-note.js';

/** What was read, how, by what, and where it went: nowhere. */
export function Facts({ film }: { readonly film: ReadFilm }) {
  const { t } = useTranslation();
  const { flipSides } = useActions();
  const { manifest, scored } = film.phase;
  const { film: facts, ms, backend } = scored.result;
  const total = Math.round(ms.decode + ms.preprocess + ms.inference);
  return (
    <dl className="facts">
      <dt>{t('facts.film')}</dt>
      <dd>
        <p>
          {t('facts.size', { width: facts.width, height: facts.height, format: facts.format.toUpperCase() })}{' '}
          {film.synthetic && <span className="tag">{t('intake.synthetic')}</span>}
        </p>
        {facts.notes.map((note) => (
          <p key={note.kind}>{noteWords(t, note)}</p>
        ))}
      </dd>
      <dt>{t('facts.sides')}</dt>
      <dd>
        {film.sides === 'assumed' ? t('facts.assumed') : t('facts.flipped')}{' '}
        <button
          type="button"
          className="link"
          data-testid="flip"
          aria-pressed={film.sides === 'flipped'}
          onClick={() => flipSides(film.id)}
        >
          {t('facts.flip')}
        </button>
      </dd>
      <dt>{t('facts.threshold')}</dt>
      <dd>
        {scored.result.threshold.toFixed(2)},{' '}
        {knownThresholdNote(t, manifest.threshold.how) ?? <span lang="en">{manifest.threshold.how}</span>}
      </dd>
      <ChestFacts film={film} />
      <dt>{t('facts.model')}</dt>
      <dd>
        <ModelLine manifest={manifest} pack={scored.result.pack} />
      </dd>
      {manifest.origin && (
        <>
          <dt>{t('models.origin')}</dt>
          <dd>
            <Origin manifest={manifest} pack={scored.result.pack} />
          </dd>
        </>
      )}
      <dt>{t('facts.backend')}</dt>
      <dd>{t('facts.ms', { backend: backendName(t, backend), ms: total })}</dd>
      <dt>{t('facts.device')}</dt>
      <dd>
        {t('facts.nothing')} <PrivacyLink />
      </dd>
    </dl>
  );
}

function noteWords(t: TFunction, note: FilmNote): string {
  switch (note.kind) {
    case 'divided':
      return t('facts.divided', { by: note.by, largest: note.largest });
    case 'alpha-over-black':
      return t('facts.alpha');
    case 'colour-to-grey':
      return t('facts.colour');
    case 'orientation':
      return t('facts.orientation', { exif: note.exif });
  }
}
