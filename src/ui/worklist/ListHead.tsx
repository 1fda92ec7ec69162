import { useTranslation } from 'react-i18next';
import type { SortKey } from '../../state/index.js';
import { useActions, useApp } from '../shared/index.js';

/** The list's columns; two of them sort it. */
export function ListHead() {
  const { t } = useTranslation();
  return (
    <div role="rowgroup" className="list-head">
      <div role="row" aria-rowindex={1}>
        <SortHead sort="name">{t('list.column.film')}</SortHead>
        <span role="columnheader">{t('list.column.positions')}</span>
        <SortHead sort="score">{t('list.column.score')}</SortHead>
      </div>
    </div>
  );
}

function SortHead({ sort, children }: { readonly sort: SortKey; readonly children: string }) {
  const descending = useApp((state) => (state.listView.sort === sort ? state.listView.descending : undefined));
  const { sortBy } = useActions();
  const order = descending === undefined ? 'none' : descending ? 'descending' : 'ascending';
  return (
    <span role="columnheader" aria-sort={order}>
      <button type="button" className="quiet" onClick={() => sortBy(sort)} data-testid={`sort-${sort}`}>
        {children} <span aria-hidden>{order === 'none' ? '' : descending ? '↓' : '↑'}</span>
      </button>
    </span>
  );
}
