import { useTranslation } from 'react-i18next';
import type { SharedResult } from '../../core/link/shared-result.js';
import { POSITION_IDS } from '../../core/result.js';
import { backendName, stageWords } from '../models/index.js';
import { ChestNotice, ScoreHead } from '../reading/index.js';
import { formatProbability, rampColour, useActions } from '../shared/index.js';
import { FilmCheck } from './FilmCheck.js';
import { PreviewPicture } from './PreviewPicture.js';
import { probabilityAt, useSharedNames } from './use-shared.js';

interface LinkPanelProps {
  readonly shared: SharedResult;
  readonly onChoose: () => void;
}

/** All that a link says, what it is and is not, and the way to check it. */
export function LinkPanel({ shared, onChoose }: LinkPanelProps) {
  const { t } = useTranslation();
  const { closeLink } = useActions();
  return (
    <div className="result" data-testid="shared-result" data-rule={shared.rule} data-sides={shared.sides}>
      <header className="link-head">
        <h1>{t('link.title')}</h1>
        <p>{t('link.isNot')}</p>
      </header>
      <ScoreHead scores={shared} maxAbove={shared.maxAbove} />
      <ChestNotice chestCheck={shared.chestCheck} synthetic={shared.synthetic} />
      <SharedRows shared={shared} />
      {shared.note !== undefined && (
        <section className="link-note">
          <h2>{t('link.note')}</h2>
          {/* A stranger's text: shown as text, its direction kept to itself. */}
          <p dir="auto" data-testid="shared-note">
            <bdi>{shared.note}</bdi>
          </p>
        </section>
      )}
      {shared.preview && (
        <section className="link-picture">
          <h2>{t('link.picture')}</h2>
          <PreviewPicture
            preview={shared.preview}
            label={t('link.pictureAlt', { width: shared.preview.width, height: shared.preview.height })}
          />
        </section>
      )}
      <FilmCheck shared={shared} onChoose={onChoose} />
      <SharedFacts shared={shared} />
      <div className="actions print-button">
        <button type="button" onClick={() => window.print()}>
          {t('result.print')}
        </button>
        <button type="button" onClick={closeLink}>
          {t('link.own')}
        </button>
      </div>
      <p className="note">{t('app.disclaimer')}</p>
    </div>
  );
}

function SharedRows({ shared }: { readonly shared: SharedResult }) {
  const { t } = useTranslation();
  const nameOf = useSharedNames(shared);
  const { threshold } = shared;
  return (
    <section className="positions">
      <header>
        <h2>{t('result.positions')}</h2>
      </header>
      <dl>
        {POSITION_IDS.map((id) => {
          const probability = probabilityAt(shared, id);
          return (
            <div
              key={id}
              className="position fixed"
              style={{
                '--colour': rampColour(probability),
                '--score': `${100 * probability}%`,
                '--threshold': `${100 * threshold}%`,
              }}
            >
              <dt>{nameOf(id)}</dt>
              <dd>
                <span className="bar" aria-hidden>
                  <i />
                </span>
                <b data-testid={`shared-${id}`} data-value={probability}>
                  {formatProbability(probability, threshold)}
                </b>
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}

function SharedFacts({ shared }: { readonly shared: SharedResult }) {
  const { t } = useTranslation();
  const { sides, threshold, calibrated, pack, stage, backend, date, app, inputDigest, synthetic } = shared;
  // Whatever the sender did: nobody has evaluated it here.
  const tag = stageWords(t, stage, undefined);
  return (
    <dl className="facts">
      {synthetic && (
        <>
          <dt>{t('facts.film')}</dt>
          <dd>
            <span className="tag">{t('intake.synthetic')}</span>
          </dd>
        </>
      )}
      <dt>{t('facts.sides')}</dt>
      <dd>{sides === 'assumed' ? t('facts.assumed') : t('link.flipped')}</dd>
      <dt>{t('facts.threshold')}</dt>
      <dd>{threshold.toFixed(2)}</dd>
      {calibrated !== undefined && (
        <>
          <dt>{t('chest.calibrated')}</dt>
          <dd>{formatProbability(calibrated)}</dd>
        </>
      )}
      <dt>{t('facts.model')}</dt>
      <dd>
        {pack.name} {pack.version} {tag !== undefined && <span className="tag">{tag}</span>}
        <code className="hash">{pack.sha256}</code>
      </dd>
      {pack.origin && (
        <>
          <dt>{t('models.origin')}</dt>
          <dd data-testid="shared-origin">
            <bdi>{pack.origin.file}</bdi>,{' '}
            {t(pack.origin.state === 'imported, evaluated here' ? 'link.evaluated' : 'link.notValidated')}
            <code className="hash">{pack.origin.sha256}</code>
          </dd>
        </>
      )}
      <dt>{t('link.date')}</dt>
      <dd>{t('link.byApp', { date: `${date.slice(0, 16).replace('T', ' ')} UTC`, app })}</dd>
      <dt>{t('facts.backend')}</dt>
      <dd>{backendName(t, backend)}</dd>
      <dt>{t('link.digest')}</dt>
      <dd>
        <code className="hash">{inputDigest}</code>
      </dd>
    </dl>
  );
}
