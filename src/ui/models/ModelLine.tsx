import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Manifest } from '../../core/pack/manifest.js';
import { CardDialog } from './CardDialog.js';

/** The model's name, version and stage, and the way to its card. */
export function ModelLine({ manifest }: { readonly manifest: Manifest }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <span data-testid="model-name">
        {manifest.title} {manifest.packVersion}
      </span>{' '}
      {manifest.stage !== 'release' && <span className="tag">{t(`stage.${manifest.stage}`)}</span>}{' '}
      <button type="button" className="link" onClick={() => setOpen(true)}>
        {t('facts.card')}
      </button>{' '}
      <a className="link" href="?card" target="_blank" rel="noopener">
        {t('chest.page')}
      </a>
      {open && <CardDialog manifest={manifest} onClose={() => setOpen(false)} />}
    </>
  );
}
