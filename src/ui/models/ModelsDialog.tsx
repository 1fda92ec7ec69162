import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog, useActions, useApp } from '../shared/index.js';

// Most visits never open it.
const Models = lazy(async () => ({ default: (await import('./Models.js')).Models }));

/** The models on this machine, and the way to add one. */
export function ModelsDialog() {
  const { t } = useTranslation();
  const shown = useApp((state) => state.modelsShown);
  const { hideModels } = useActions();
  if (!shown) return null;
  return (
    <Dialog title={t('models.title')} onClose={hideModels}>
      <Suspense fallback={<p>{t('card.loading')}</p>}>
        <Models />
      </Suspense>
    </Dialog>
  );
}
