import { useTranslation } from 'react-i18next';
import type { Manifest } from '../../core/pack/manifest.js';
import type { PackIdentity } from '../../core/result.js';
import { evaluationWords, originWords } from './stage-words.js';

interface OriginProps {
  readonly manifest: Manifest;
  /** As a result has it: with what its user has said of it. */
  readonly pack: PackIdentity;
}

/** Where an imported model comes from: its file, by the hash of all its bytes. */
export function Origin({ manifest: { origin }, pack }: OriginProps) {
  const { t, i18n } = useTranslation();
  if (!origin) return null;
  const { state = 'imported, not validated here', evaluation } = pack.origin ?? {};
  return (
    <div className="origin" data-testid="origin">
      <p>
        {origin.file}, {originWords(t, state)}
      </p>
      {evaluation && <p>{evaluationWords(t, i18n.language, evaluation)}</p>}
      <p className="hash">
        SHA-256 <code>{origin.sha256}</code>
      </p>
      {origin.prompts && <p>{t('models.originPrompts', { file: origin.prompts.file })}</p>}
      {origin.backbone && <p>{t('models.originBackbone', { name: origin.backbone.name })}</p>}
    </div>
  );
}
