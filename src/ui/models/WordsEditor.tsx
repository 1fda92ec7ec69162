import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Manifest } from '../../core/pack/manifest.js';
import type { ErrorValue } from '../../core/result.js';
import { useActions, useApp } from '../shared/index.js';
import { ErrorLine } from './ErrorLine.js';
import { WordField } from './WordField.js';
import { wordsIn } from './words-in.js';

/** The words of a zero-shot model's prompts: read by its text tower when they change, and the film is scored anew. */
export function WordsEditor({ manifest }: { readonly manifest: Manifest }) {
  const { t } = useTranslation();
  const { setWords, showWords } = useActions();
  const shown = useApp((state) => state.wordsShown);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorValue>();
  if (manifest.prompting !== 'zero-shot') return null;
  const [without, deviating] = manifest.classes;
  const change = async (classes: readonly [string, string] | undefined): Promise<void> => {
    setBusy(true);
    setError(await setWords(classes));
    setBusy(false);
  };
  return (
    <section className="words" data-testid="words">
      <p className="hint">{t('models.noPrompts')}</p>
      {manifest.files.text ? (
        <details open={shown} onToggle={(event) => showWords(event.currentTarget.open)}>
          <summary>
            {t('models.editWords')}: <span lang="en">{t('models.wordsAre', { without, with: deviating })}</span>
          </summary>
          <form
            key={manifest.classes.join('\n')}
            action={(data) => {
              const [normal, abnormal] = [wordsIn(data, 'normal'), wordsIn(data, 'abnormal')];
              if (normal !== '' && abnormal !== '') return change([normal, abnormal]);
            }}
          >
            <WordField name="normal" label={t('models.without')} value={without} required />
            <WordField name="abnormal" label={t('models.with')} value={deviating} required />
            <div className="actions">
              <button type="submit" disabled={busy}>
                {busy ? t('models.readingWords') : t('models.applyWords')}
              </button>
              <button type="button" className="quiet" disabled={busy} onClick={() => void change(undefined)}>
                {t('models.ownWords')}
              </button>
            </div>
            {error && <ErrorLine error={error} />}
          </form>
        </details>
      ) : (
        <p className="hint">
          {t('models.editWords')}: <span lang="en">{t('models.wordsAre', { without, with: deviating })}</span>
        </p>
      )}
    </section>
  );
}
