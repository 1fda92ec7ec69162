import { useTranslation } from 'react-i18next';
import { ModelLine, Origin } from '../models/index.js';
import { AppLine } from '../privacy/index.js';
import { useActions, useApp } from '../shared/index.js';

/** What the numbers mean, in a few sentences: beside the empty stage, and behind "?" later. */
export function Meaning() {
  const { t } = useTranslation();
  const rule = useApp((state) => state.lastEngine?.manifest.rule);
  return (
    <div className="meaning">
      <p>{t('about.ask')}</p>
      <p>{t('about.meaning')}</p>
      <p>{rule?.kind === 'whole' ? t('about.ruleWhole') : t('about.rule', { maxAbove: (rule?.maxAbove ?? 0.8).toFixed(2) })}</p>
      <p>{t('about.sides')}</p>
      <p>{t('about.footprint')}</p>
      <dl className="keys">
        <dt>
          <kbd>1</kbd>–<kbd>5</kbd>
        </dt>
        <dd>{t('about.key.pick')}</dd>
        <dt>
          <kbd>Esc</kbd>
        </dt>
        <dd>{t('about.key.escape')}</dd>
        <dt>
          <kbd>J</kbd> <kbd>K</kbd>
        </dt>
        <dd>{t('about.key.step')}</dd>
      </dl>
    </div>
  );
}

/** The panel while there is no result. */
export function AboutPanel() {
  const { t } = useTranslation();
  const engine = useApp((state) => state.lastEngine);
  const { showModels } = useActions();
  return (
    <div className="about">
      <section>
        <h2>{t('about.title')}</h2>
        <Meaning />
      </section>
      <section>
        <h2>{t('intake.privacyTitle')}</h2>
        <p>{t('intake.privacy')}</p>
        <AppLine />
      </section>
      <section>
        <h2>{t('facts.model')}</h2>
        {engine ? (
          <>
            <p>
              <ModelLine manifest={engine.manifest} pack={engine.pack} />
            </p>
            <Origin manifest={engine.manifest} pack={engine.pack} />
          </>
        ) : (
          <button type="button" className="link" data-testid="open-models" onClick={showModels}>
            {t('models.open')}
          </button>
        )}
      </section>
      <p className="note">{t('app.disclaimer')}</p>
    </div>
  );
}
