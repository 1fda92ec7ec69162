import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { listOrder } from '../../state/index.js';
import { useActions, useApp } from '../shared/index.js';
import { FilmGrid } from './FilmGrid.js';
import { ListExport } from './ListExport.js';
import { ListTools } from './ListTools.js';
import { QueueBar } from './QueueBar.js';

interface WorklistProps {
  /** Over the page, not beside the film. */
  readonly sheet: boolean;
  readonly onClose: () => void;
  readonly onAddFolder: () => void;
}

/** All films of this session: how the queue stands, and each film with its scores. */
export function Worklist({ sheet, onClose, onAddFolder }: WorklistProps) {
  const { t } = useTranslation();
  const films = useApp((state) => listOrder(state.films, state.listView));
  const root = useRef<HTMLElement>(null);
  useEffect(() => {
    if (sheet) root.current?.querySelector<HTMLElement>('[role=grid]')?.focus();
  }, [sheet]);
  return (
    <aside
      ref={root}
      id="worklist"
      className="worklist"
      data-testid="worklist"
      aria-label={t('films.title')}
      onKeyDown={(event) => sheet && event.key === 'Escape' && onClose()}
    >
      <div className="list-title">
        <h2>{t('films.title')}</h2>
        <ListExport films={films} />
        <button type="button" className="quiet" onClick={onAddFolder}>
          {t('list.addFolder')}
        </button>
        <button type="button" className="quiet" aria-label={t('app.close')} title={t('app.close')} onClick={onClose}>
          ×
        </button>
      </div>
      <QueueBar />
      <ListTools shown={films.length} />
      <FilmGrid films={films} onOpened={sheet ? onClose : nothing} />
      <ListFoot />
    </aside>
  );
}

const nothing = (): void => undefined;

/** What was left out or taken off, and the keys. */
function ListFoot() {
  const { t } = useTranslation();
  const leftOut = useApp((state) => state.leftOut);
  const removed = useApp((state) => state.removed.length);
  const ids = useApp((state) => state.films);
  const { undoRemove, removeFilms } = useActions();
  return (
    <div className="list-foot">
      {leftOut > 0 && <p>{t('list.leftOut', { count: leftOut })}</p>}
      {removed > 0 && (
        <p role="status">
          {t('list.removed', { count: removed })}{' '}
          <button type="button" className="link" onClick={undoRemove} data-testid="undo-remove">
            {t('list.undo')}
          </button>
        </p>
      )}
      <p className="list-keys">
        <kbd>J</kbd> <kbd>K</kbd> <span>{t('list.keys')}</span>
        {ids.length > 0 && (
          <button type="button" className="link" onClick={() => removeFilms(ids.map(({ id }) => id))} data-testid="clear-list">
            {t('list.clear')}
          </button>
        )}
      </p>
    </div>
  );
}
