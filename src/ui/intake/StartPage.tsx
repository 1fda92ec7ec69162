import { useTranslation } from 'react-i18next';
import { SAMPLE_KINDS } from '../../state/index.js';
import { useActions, useApp } from '../shared/index.js';
import { ErrorView, Progress } from '../status/index.js';

interface StartPageProps {
  readonly onChoose: () => void;
  readonly onChooseFolder: () => void;
}

/** The stage before a film is there: the frame that a film will fill, with the ways to bring one. */
export function StartPage({ onChoose, onChooseFolder }: StartPageProps) {
  const { t } = useTranslation();
  const engine = useApp((state) => state.engine);
  const { startEngine } = useActions();
  return (
    <div className="start">
      <div className="start-frame">
        <EmptyBrackets />
        <div className="start-box">
          <h1>{t('intake.title')}</h1>
          <p className="start-formats">{t('intake.formats')}</p>
          <p className="start-choose">
            <button type="button" className="primary large" onClick={onChoose}>
              {t('intake.choose')}
            </button>
            <button type="button" className="large start-folder" onClick={onChooseFolder}>
              {t('intake.folder')}
            </button>
            <span className="start-paste">
              {t('intake.paste')} <PasteKeys />
            </span>
          </p>
          <Samples />
        </div>
      </div>
      <div className="start-status">
        {engine.kind === 'starting' && (
          <>
            <Progress engine={engine} />
            <p className="hint">{t('intake.whileLoading')}</p>
          </>
        )}
        {engine.kind === 'failed' && <ErrorView error={engine.error} onAgain={startEngine} />}
      </div>
    </div>
  );
}

/** The sides of the film to come, as the result will mark them. */
function EmptyBrackets() {
  const { t } = useTranslation();
  return (
    <div className="start-brackets" aria-hidden>
      <span className="mark right">{t('positions.markRight')}</span>
      <span className="mark left">{t('positions.markLeft')}</span>
      <i className="upper" />
      <i className="lower" />
      <i className="left" />
      <i className="right" />
    </div>
  );
}

function PasteKeys() {
  const apple = /mac|iphone|ipad/i.test(navigator.userAgent);
  return (
    <kbd>
      <kbd>{apple ? '⌘' : 'Ctrl'}</kbd> <kbd>V</kbd>
    </kbd>
  );
}

function Samples() {
  const { t } = useTranslation();
  const drawing = useApp((state) => state.drawing);
  const error = useApp((state) => state.sampleError);
  const { openSample } = useActions();
  return (
    <div className="samples">
      <p id="samples-label">
        {t('intake.samples')} <span className="tag">{t('intake.synthetic')}</span>
      </p>
      <div role="group" aria-labelledby="samples-label" className="actions">
        {SAMPLE_KINDS.map((kind) => (
          <button
            key={kind}
            type="button"
            disabled={drawing !== undefined}
            onClick={() => void openSample(kind)}
            data-testid={`sample-${kind}`}
          >
            {drawing === kind ? t('intake.drawing') : t(`intake.${kind}`)}
          </button>
        ))}
      </div>
      {error && <p role="alert">{t(`errors.${error.code}.title`)}</p>}
    </div>
  );
}
