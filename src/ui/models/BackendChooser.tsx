import { useTranslation } from 'react-i18next';
import { failureOf, PAGE_BACKENDS } from '../../state/index.js';
import { Disclosure, useActions, useApp } from '../shared/index.js';
import { backendName } from './backend-name.js';

/** The backend in use, and the choice of another, with the reasons why some are set aside. */
export function BackendChooser() {
  const { t } = useTranslation();
  const phase = useApp((state) => state.engine);
  const engine = useApp((state) => state.lastEngine);
  const wish = useApp((state) => state.settings.backend);
  const { useBackend: choose } = useActions();
  const inUse = phase.kind === 'ready' && engine ? backendName(t, engine.backend, engine.threads) : undefined;
  const label = inUse ?? (phase.kind === 'failed' ? t('backend.failed') : t('backend.starting'));
  return (
    <Disclosure
      className="backend"
      title={t('backend.label')}
      testId="backend"
      label={
        <>
          <i className={`lamp ${phase.kind}`} aria-hidden />
          <span className="visually-hidden">{t('backend.label')}: </span>
          <span className="backend-name">{label}</span>
        </>
      }
    >
      {(close) => (
        <fieldset>
          <legend>{t('backend.label')}</legend>
          {[undefined, ...PAGE_BACKENDS].map((backend) => {
            const failure = backend && failureOf(engine, backend);
            return (
              <label key={backend ?? 'auto'} className="choice">
                <input
                  type="radio"
                  name="backend"
                  checked={wish === backend}
                  onChange={() => choose(backend)}
                  onClick={(event) => {
                    // A click, unlike the arrow keys, is a decision.
                    if (event.detail > 0) close();
                  }}
                />
                <span>
                  {backend ? backendName(t, backend) : inUse ? t('backend.autoNow', { backend: inUse }) : t('backend.auto')}
                  {backend && <small>{failure ? t('backend.setAside', { reason: failure.reason }) : t(`backend.about.${backend}`)}</small>}
                </span>
              </label>
            );
          })}
          <p className="hint">{t('backend.hint')}</p>
        </fieldset>
      )}
    </Disclosure>
  );
}
