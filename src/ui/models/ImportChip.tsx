import { useTranslation } from 'react-i18next';
import { useActions, useApp } from '../shared/index.js';

/** In the page's head while a model comes in and its dialogue is closed: the way back to it. */
export function ImportChip() {
  const { t, i18n } = useTranslation();
  const shown = useApp((state) => state.modelsShown);
  const incoming = useApp((state) => state.incoming);
  const { showModels } = useActions();
  if (shown || (incoming?.kind !== 'working' && incoming?.kind !== 'review')) return null;
  const progress = incoming.kind === 'working' ? incoming.progress : undefined;
  const percent = new Intl.NumberFormat(i18n.language, { style: 'percent' });
  return (
    <button type="button" className="quiet" onClick={showModels} data-testid="import-chip">
      {incoming.kind === 'review'
        ? t('models.chipReview')
        : t('models.chip', { percent: percent.format(progress ? progress.loaded / progress.total : 0) })}
    </button>
  );
}
