import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Manifest } from '../../core/pack/manifest.js';
import type { PackIdentity } from '../../core/result.js';
import { useActions, useApp } from '../shared/index.js';
import { stageWords } from './stage-words.js';
import { CardDialog } from './CardDialog.js';

interface ModelLineProps {
  readonly manifest: Manifest;
  /** As a result has it. */
  readonly pack: PackIdentity;
}

/** The model's name, version and stage, the way to its card and to the other models. */
export function ModelLine({ manifest, pack: { sha256, origin } }: ModelLineProps) {
  const { t } = useTranslation();
  const tag = stageWords(t, manifest.stage, origin?.state);
  const { showModels } = useActions();
  const [open, setOpen] = useState(false);
  const label = useApp((state) => state.packs?.find((pack) => pack.sha256 === sha256)?.label);
  return (
    <>
      <span data-testid="model-name">
        {label ?? manifest.title} {manifest.packVersion}
      </span>{' '}
      {tag !== undefined && <span className="tag">{tag}</span>}{' '}
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
