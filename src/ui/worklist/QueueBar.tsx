import { useTranslation } from 'react-i18next';
import { useActions, useApp } from '../shared/index.js';
import { countFilms } from './counts.js';
import { timeLeft } from './time-left.js';

/** How far the queue is, how long it will take, and what can be done about it. */
export function QueueBar() {
  const { t } = useTranslation();
  const { total, scored, failed, stopped, open, busy } = useApp((state) => countFilms(state.films));
  const paused = useApp((state) => state.paused);
  const pace = useApp((state) => state.pace);
  const { pauseQueue, resumeQueue, stopQueue, retry } = useActions();
  const working = open > 0;
  const again = failed + stopped;
  return (
    <div className="queue" data-testid="queue" data-scored={scored} data-failed={failed} data-open={open} data-busy={busy}>
      <p className="queue-line">
        <span>{t('list.progress', { scored, total })}</span>
        {failed > 0 && <span className="queue-failed">{t('list.failed', { count: failed })}</span>}
        {stopped > 0 && <span>{t('list.stopped', { count: stopped })}</span>}
        {working && (
          <span className="queue-left">{paused ? t('list.paused') : pace !== undefined && timeLeft(t, pace * open)}</span>
        )}
      </p>
      <progress aria-label={t('list.title')} value={total - open} max={Math.max(1, total)} />
      {(working || again > 0) && (
        <div className="queue-actions">
          {working && (
            <>
              <button type="button" className="quiet" onClick={paused ? resumeQueue : pauseQueue} data-testid="queue-pause">
                {paused ? t('list.resume') : t('list.pause')}
              </button>
              <button type="button" className="quiet" onClick={stopQueue} data-testid="queue-stop">
                {t('list.cancel')}
              </button>
            </>
          )}
          {!working && again > 0 && (
            <button type="button" className="quiet" onClick={() => retry()} data-testid="queue-retry">
              {t('list.retryAll', { count: again })}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
