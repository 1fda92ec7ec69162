import { useTranslation } from 'react-i18next';
import type { Manifest } from '../../core/pack/manifest.js';

/** Where an imported model comes from: its file, by the hash of all its bytes. */
export function Origin({ manifest: { origin } }: { readonly manifest: Manifest }) {
  const { t } = useTranslation();
  if (!origin) return null;
  return (
    <div className="origin" data-testid="origin">
      <p>
        {origin.file}, {t('models.notValidated')}
      </p>
      <p className="hash">
        SHA-256 <code>{origin.sha256}</code>
      </p>
      {origin.prompts && <p>{t('models.originPrompts', { file: origin.prompts.file })}</p>}
      {origin.backbone && <p>{t('models.originBackbone', { name: origin.backbone.name })}</p>}
    </div>
  );
}
