import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Film } from '../../state/index.js';
import { useActions, useApp } from '../shared/index.js';
import { FilmRow, rowId } from './FilmRow.js';
import { ListHead } from './ListHead.js';

const ROW_REM = 3.25;
/** As in worklist.css. */
const HEAD_REM = 1.9;

/** Heights in pixels, as the letters' size makes them. Asking for it has the browser work out all styles: not at every drawing. */
function measureRows(): { readonly row: number; readonly head: number } {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return { row: Math.round(ROW_REM * rem), head: Math.round(HEAD_REM * rem) };
}

interface FilmGridProps {
  readonly films: readonly Film[];
  /** Told when a film is opened from here. */
  readonly onOpened: () => void;
}

/** The films as rows, of which only those in sight exist. One stop for Tab; inside, the arrow keys move. */
export function FilmGrid({ films, onOpened }: FilmGridProps) {
  const { t } = useTranslation();
  const currentId = useApp((state) => state.currentId);
  const { openFilm, removeFilms, retry } = useActions();
  const scroller = useRef<HTMLDivElement>(null);
  const [{ row: height, head }, setHeights] = useState(measureRows);
  const [cursorId, setCursorId] = useState<number>();
  // Its functions tell another story at each scroll; nothing here remembers them.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtualizer = useVirtualizer({
    count: films.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (index) => films[index]?.id ?? index,
    overscan: 6,
    // The head stays over the rows.
    scrollMargin: head,
    scrollPaddingStart: head,
  });
  useEffect(() => {
    const onResize = (): void => setHeights(measureRows());
    window.addEventListener('resize', onResize);
    return () => window.removeEventListener('resize', onResize);
  }, []);
  useEffect(() => virtualizer.measure(), [virtualizer, height]);

  const at = films.findIndex(({ id }) => id === (cursorId ?? currentId));
  const currentAt = films.findIndex(({ id }) => id === currentId);
  useEffect(() => {
    // A film opened from elsewhere comes into sight; sorting and new results do not move the list.
    setCursorId(undefined);
    if (currentAt >= 0) virtualizer.scrollToIndex(currentAt, { align: 'auto' });
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [currentId]);

  const open = useCallback(
    (id: number) => {
      openFilm(id);
      onOpened();
    },
    [openFilm, onOpened],
  );
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height) - 1);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at < 0 ? films.length - 1 : at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: films.length - 1,
    };
    const target = moves[event.key];
    const film = films[at];
    if (target !== undefined) {
      const index = Math.min(films.length - 1, Math.max(0, target));
      setCursorId(films[index]?.id);
      virtualizer.scrollToIndex(index, { align: 'auto' });
    } else if (film && event.key === 'Enter') open(film.id);
    else if (film && event.key.toLowerCase() === 'r') retry([film.id]);
    else if (film && event.key === 'Delete') {
      setCursorId((films[at + 1] ?? films[at - 1])?.id);
      removeFilms([film.id]);
    } else return;
    event.preventDefault();
  };

  const items = virtualizer.getVirtualItems();
  const cursor = films[at];
  const cursorMounted = items.some(({ index }) => index === at);
  return (
    <div
      ref={scroller}
      className="film-grid"
      role="grid"
      tabIndex={0}
      aria-label={t('films.title')}
      aria-rowcount={films.length + 1}
      aria-activedescendant={cursor && cursorMounted ? rowId(cursor.id) : undefined}
      onKeyDown={onKeyDown}
      data-testid="film-grid"
    >
      <ListHead />
      <div role="rowgroup" className="film-rows" style={{ height: virtualizer.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const film = films[index];
          return (
            film && (
              <FilmRow
                key={film.id}
                film={film}
                index={index}
                top={start - head}
                height={height}
                current={film.id === currentId}
                active={film === cursor}
                onOpen={open}
              />
            )
          );
        })}
      </div>
      {films.length === 0 && <p className="list-none">{t('list.none')}</p>}
    </div>
  );
}
