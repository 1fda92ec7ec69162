import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions, useApp } from '../shared/index.js';
import { ErrorLine } from './ErrorLine.js';
import { IncomingModel } from './IncomingModel.js';
import { OwnPackRow, PackRow } from './PackRow.js';
import { RefusedPack } from './RefusedPack.js';

/** The list of models, what becomes of a file on its way into it, and the picker. */
export function Models() {
  const { t } = useTranslation();
  const packs = useApp((state) => state.packs);
  const error = useApp((state) => state.libraryError);
  return (
    <div className="models" data-testid="models">
        <RefusedPack />
        <IncomingModel />
        {error && <ErrorLine error={error} />}
        <ul className="packs" aria-label={t('models.list')}>
          <OwnPackRow />
          {packs?.map((pack) => (
            <PackRow key={pack.id} pack={pack} />
          ))}
        </ul>
        <AddModel />
    </div>
  );
}

function AddModel() {
  const { t } = useTranslation();
  const { takeModels } = useActions();
  const busy = useApp(({ incoming }) => incoming?.kind === 'working' || incoming?.kind === 'inspecting');
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="add-model">
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept=".pt,.pth,.ckpt,.bin,.safetensors,.ppad"
        aria-label={t('models.add')}
        data-testid="model-input"
        onChange={({ target }) => {
          void takeModels([...(target.files ?? [])].map((file) => ({ name: file.name, file })));
          // The same file may be chosen again.
          target.value = '';
        }}
      />
      <button type="button" disabled={busy} onClick={() => input.current?.click()}>
        {t('models.add')}
      </button>
      <p className="hint">{t('models.addHint')}</p>
    </div>
  );
}
