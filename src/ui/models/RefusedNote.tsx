import { useTranslation } from 'react-i18next';
import { packLabel } from '../../state/index.js';
import { useActions, useApp } from '../shared/index.js';

/** Over the page: the chosen model is not the one in use. The dialogue says why. */
export function RefusedNote() {
  const { t } = useTranslation();
  const refused = useApp((state) => state.refused);
  const pack = useApp(({ packs }) => packs?.find(({ id }) => id === refused?.packId));
  const shown = useApp((state) => state.modelsShown);
  const { showModels, dismissRefused } = useActions();
  if (!refused || shown) return null;
  return (
    <div className="update-bar" role="alert" data-testid="refused-note">
      <p>
        {t('models.refused', { name: pack ? packLabel(pack) : t('models.goneName') })}: {t(`errors.${refused.error.code}.title`)}
      </p>
      <div className="actions">
        <button type="button" onClick={showModels}>
          {t('models.open')}
        </button>
        <button type="button" onClick={dismissRefused}>
          {t('models.understood')}
        </button>
      </div>
    </div>
  );
}
