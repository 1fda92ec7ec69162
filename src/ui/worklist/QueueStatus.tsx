import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApp } from '../shared/index.js';
import { countFilms } from './counts.js';

/** A screen reader is told of progress no oftener than this. */
const QUIET_MS = 20_000;

/** Tells a screen reader how the queue stands: when it pauses, when it is done, and every tenth in between, but not often. */
export function QueueStatus() {
  const { t } = useTranslation();
  const counts = useApp((state) => countFilms(state.films));
  const paused = useApp((state) => state.paused);
  const [text, setText] = useState('');
  const told = useRef({ at: 0, tenth: 0, working: false, paused: false });
  useEffect(() => {
    const { total, scored, failed, open } = counts;
    const before = told.current;
    const working = open > 0 && total > 1;
    const tenth = total > 0 ? Math.floor((10 * (scored + failed)) / total) : 0;
    const now = performance.now();
    const ended = before.working && open === 0;
    const turned = working && paused !== before.paused;
    const further = working && before.working && tenth > before.tenth && now - before.at > QUIET_MS;
    const begun = working && !before.working;
    told.current = { ...before, working, paused };
    if (!ended && !turned && !further && !begun) return;
    told.current = { at: now, tenth, working, paused };
    setText(
      ended
        ? t('list.told.done', { scored, failed })
        : paused
          ? t('list.told.paused', { scored, total })
          : t('list.told.progress', { scored, total }),
    );
  }, [counts, paused, t]);
  return (
    <div className="visually-hidden" role="status" aria-live="polite" data-testid="queue-status">
      {text}
    </div>
  );
}
