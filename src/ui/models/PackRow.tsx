import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { packLabel, type LibraryPack } from '../../state/index.js';
import { formatMegabytes, useActions, useApp } from '../shared/index.js';
import { EvaluationForm } from './EvaluationForm.js';
import { savePack } from './save-pack.js';
import { evaluationWords, stageWords } from './stage-words.js';

/** The model that came with the page: it can be used, and that is all. */
export function OwnPackRow() {
  const { t } = useTranslation();
  const inUse = useApp((state) => state.packId === undefined);
  const { usePack: choose } = useActions();
  return (
    <li className="pack" data-current={inUse} data-testid="pack-own">
      <p className="pack-name">{t('models.own')}</p>
      <p className="pack-facts">{t('models.ownFacts')}</p>
      <div className="pack-actions">
        <Use inUse={inUse} name={t('models.own')} onUse={() => choose(undefined)} />
      </div>
    </li>
  );
}

export function PackRow({ pack }: { readonly pack: LibraryPack }) {
  const { t } = useTranslation();
  const inUse = useApp((state) => state.packId === pack.id);
  const { usePack: choose, deletePack } = useActions();
  const [renaming, setRenaming] = useState(false);
  const [evaluating, setEvaluating] = useState(false);
  const name = packLabel(pack);
  const state = pack.evaluation ? 'imported, evaluated here' : 'imported, not validated here';
  const tag = stageWords(t, pack.manifest?.stage, state);
  if (pack.deleted !== undefined) return <DeletedRow pack={pack} />;
  return (
    <li className="pack" data-current={inUse} data-testid={`pack-${pack.id}`}>
      {renaming ? (
        <RenameForm pack={pack} onDone={() => setRenaming(false)} />
      ) : (
        <p className="pack-name">
          {name} {tag !== undefined && <span className="tag">{tag}</span>}
        </p>
      )}
      <PackFacts pack={pack} />
      <div className="pack-actions">
        {pack.manifest && <Use inUse={inUse} name={name} onUse={() => choose(pack.id)} />}
        {pack.manifest && !renaming && (
          <button type="button" className="link" aria-label={t('models.renameOf', { name })} onClick={() => setRenaming(true)}>
            {t('models.rename')}
          </button>
        )}
        {pack.manifest && <Export pack={pack} />}
        {pack.manifest?.origin && !evaluating && (
          <button type="button" className="link" aria-label={t('evaluation.openOf', { name })} onClick={() => setEvaluating(true)}>
            {t('evaluation.open')}
          </button>
        )}
        <button type="button" className="link" aria-label={t('models.deleteOf', { name })} onClick={() => void deletePack(pack.id)}>
          {t('models.delete')}
        </button>
      </div>
      {evaluating && <EvaluationForm pack={pack} onDone={() => setEvaluating(false)} />}
    </li>
  );
}

function PackFacts({ pack }: { readonly pack: LibraryPack }) {
  const { manifest, bytes, added, file, fault, evaluation } = pack;
  const { t, i18n } = useTranslation();
  const facts = [
    manifest && t(manifest.prompting === 'zero-shot' ? 'models.kind.clip' : 'models.kind.ppad'),
    t('models.megabytes', { size: formatMegabytes(bytes, i18n.language) }),
    added === '' ? undefined : new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium' }).format(new Date(added)),
    file === packLabel(pack) ? undefined : file,
  ];
  return (
    <p className="pack-facts">
      {facts.filter((fact) => fact !== undefined).join(' · ')}
      {evaluation && <span> · {evaluationWords(t, i18n.language, evaluation)}</span>}
      {fault && <span lang="en"> — {fault.message}</span>}
    </p>
  );
}

function Use({ inUse, name, onUse }: { readonly inUse: boolean; readonly name: string; readonly onUse: () => void }) {
  const { t } = useTranslation();
  if (inUse) return <span className="pack-in-use">{t('models.inUse')}</span>;
  return (
    <button type="button" aria-label={t('models.useOf', { name })} onClick={onUse}>
      {t('models.use')}
    </button>
  );
}

function Export({ pack }: { readonly pack: LibraryPack }) {
  const { t } = useTranslation();
  const exporting = useApp((state) => state.exporting);
  const { exportPack } = useActions();
  const name = packLabel(pack);
  if (exporting?.id === pack.id) {
    const { loaded, total } = exporting.progress ?? { loaded: 0, total: 1 };
    return <progress aria-label={t('models.exporting')} value={loaded} max={total} />;
  }
  return (
    <button
      type="button"
      className="link"
      disabled={exporting !== undefined}
      aria-label={t('models.exportOf', { name })}
      onClick={() => void exportPack(pack.id).then((blob) => blob && savePack(blob, name))}
    >
      {t('models.export')}
    </button>
  );
}

function RenameForm({ pack, onDone }: { readonly pack: LibraryPack; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const { renamePack } = useActions();
  return (
    <form
      className="rename"
      action={(data) => {
        const label = data.get('label');
        if (typeof label === 'string') void renamePack(pack.id, label);
        onDone();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        // The dialogue around it stays open.
        event.preventDefault();
        event.stopPropagation();
        onDone();
      }}
    >
      <input name="label" defaultValue={packLabel(pack)} maxLength={120} autoFocus aria-label={t('models.newName')} />
      <button type="submit">{t('models.save')}</button>
      <button type="button" className="quiet" onClick={onDone}>
        {t('models.cancel')}
      </button>
    </form>
  );
}

function DeletedRow({ pack }: { readonly pack: LibraryPack }) {
  const { t, i18n } = useTranslation();
  const { restorePack, erasePack } = useActions();
  const size = formatMegabytes(pack.bytes, i18n.language);
  return (
    <li className="pack deleted" data-testid={`pack-${pack.id}`}>
      <p className="pack-name">{t('models.deleted', { name: packLabel(pack) })}</p>
      <p className="pack-facts">{t('models.deletedFacts', { size })}</p>
      <div className="pack-actions">
        <button type="button" autoFocus onClick={() => void restorePack(pack.id)}>
          {t('models.undo')}
        </button>
        <button type="button" className="link" onClick={() => void erasePack(pack.id)}>
          {t('models.erase')}
        </button>
      </div>
    </li>
  );
}
