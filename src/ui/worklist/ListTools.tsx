import { useTranslation } from 'react-i18next';
import { POSITION_IDS } from '../../core/result.js';
import { SHOW_KEYS, SORT_KEYS, type ShowKey, type SortKey } from '../../state/index.js';
import { useActions, useApp } from '../shared/index.js';

/** What the list shows and in which order. */
export function ListTools({ shown }: { readonly shown: number }) {
  const { t } = useTranslation();
  const view = useApp((state) => state.listView);
  const total = useApp((state) => state.films.length);
  const { setListView } = useActions();
  const sortName = (key: SortKey): string =>
    POSITION_IDS.some((id) => id === key)
      ? t(`positions.${key as (typeof POSITION_IDS)[number]}`)
      : t(`list.sort.${key as 'added' | 'name' | 'score'}`);
  return (
    <div className="list-tools" role="search" aria-label={t('list.tools')}>
      <input
        type="search"
        aria-label={t('list.find')}
        placeholder={t('list.find')}
        value={view.text}
        onChange={(event) => setListView({ text: event.target.value })}
      />
      <select
        aria-label={t('list.showLabel')}
        value={view.show}
        onChange={(event) => setListView({ show: event.target.value as ShowKey })}
      >
        {SHOW_KEYS.map((key) => (
          <option key={key} value={key}>
            {t(`list.show.${key}`)}
          </option>
        ))}
      </select>
      <select
        aria-label={t('list.sortLabel')}
        value={view.sort}
        onChange={(event) => setListView({ sort: event.target.value as SortKey })}
      >
        {SORT_KEYS.map((key) => (
          <option key={key} value={key}>
            {sortName(key)}
          </option>
        ))}
      </select>
      <button
        type="button"
        className="quiet"
        aria-label={view.descending ? t('list.descending') : t('list.ascending')}
        title={view.descending ? t('list.descending') : t('list.ascending')}
        onClick={() => setListView({ descending: !view.descending })}
      >
        {view.descending ? '↓' : '↑'}
      </button>
      {shown < total && <p className="list-shown">{t('list.shown', { shown, total })}</p>}
    </div>
  );
}
