import { useTranslation } from 'react-i18next';
import { failureOf, PAGE_BACKENDS } from '../../state/index.js';
import { Disclosure, useActions, useApp, useClose } from '../shared/index.js';
import { backendName } from './backend-name.js';

/** The backend in use, as people read it; undefined while none is. */
function useBackendInUse(): string | undefined {
  const { t } = useTranslation();
  const ready = useApp((state) => state.engine.kind === 'ready');
  const engine = useApp((state) => state.lastEngine);
  return ready && engine ? backendName(t, engine.backend, engine.threads) : undefined;
}

/** The backend in use, and the choice of another, with the reasons why some are set aside. */
export function BackendChooser() {
  const { t } = useTranslation();
  const kind = useApp((state) => state.engine.kind);
  const inUse = useBackendInUse();
  return (
    <Disclosure
      className="backend"
      title={t('backend.label')}
      testId="backend"
      label={
        <>
          <i className={`lamp ${kind}`} aria-hidden />
          <span className="visually-hidden">{t('backend.label')}: </span>
          <span className="backend-name">{inUse ?? (kind === 'failed' ? t('backend.failed') : t('backend.starting'))}</span>
        </>
      }
    >
      <BackendChoices />
    </Disclosure>
  );
}

function BackendChoices() {
  const { t } = useTranslation();
  const engine = useApp((state) => state.lastEngine);
  const wish = useApp((state) => state.settings.backend);
  const inUse = useBackendInUse();
  const { useBackend: choose } = useActions();
  const close = useClose();
  return (
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
              // A click, unlike the arrow keys, is a decision.
              onClick={(event) => event.detail > 0 && close()}
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
  );
}
