import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Manifest } from '../../core/pack/manifest.js';
import { useActions, useApp } from '../shared/index.js';
import { CardDialog } from './CardDialog.js';

interface ModelLineProps {
  readonly manifest: Manifest;
  /** SHA-256 of the manifest: the pack's identity. */
  readonly sha256: string | undefined;
}

/** The model's name, version and stage, the way to its card and to the other models. */
export function ModelLine({ manifest, sha256 }: ModelLineProps) {
  const { t } = useTranslation();
  const { showModels } = useActions();
  const [open, setOpen] = useState(false);
  const label = useApp((state) => state.packs?.find((pack) => pack.sha256 === sha256)?.label);
  return (
    <>
      <span data-testid="model-name">
        {label ?? manifest.title} {manifest.packVersion}
      </span>{' '}
      {manifest.stage !== 'release' && <span className="tag">{t(`stage.${manifest.stage}`)}</span>}{' '}
      <button type="button" className="link" data-testid="open-models" onClick={showModels}>
        {t('models.open')}
      </button>{' '}
      {manifest.files.card && (
        <button type="button" className="link" data-testid="open-card" onClick={() => setOpen(true)}>
          {t('facts.card')}
        </button>
      )}{' '}
      {manifest.stage !== 'imported' && (
        <a className="link" href="?card" target="_blank" rel="noopener">
          {t('chest.page')}
        </a>
      )}
      {open && <CardDialog manifest={manifest} sha256={sha256} onClose={() => setOpen(false)} />}
    </>
  );
}
