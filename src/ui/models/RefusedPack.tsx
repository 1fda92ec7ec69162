import { useTranslation } from 'react-i18next';
import { packLabel } from '../../state/index.js';
import { useActions, useApp } from '../shared/index.js';
import { ErrorLine } from './ErrorLine.js';

/** Why the chosen model is not the one in use. */
export function RefusedPack() {
  const { t } = useTranslation();
  const refused = useApp((state) => state.refused);
  const packs = useApp((state) => state.packs);
  const { dismissRefused } = useActions();
  if (!refused) return null;
  const pack = packs?.find(({ id }) => id === refused.packId);
  return (
    <section className="refused" data-testid="refused">
      <h3>{t('models.refused', { name: pack ? packLabel(pack) : t('models.goneName') })}</h3>
      <ErrorLine error={refused.error} />
      <button type="button" onClick={dismissRefused}>
        {t('models.understood')}
      </button>
    </section>
  );
}
