import { useEffect, useRef, useState, type RefObject } from 'react';
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
  const summary = useWordsFocus(manifest);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorValue>();
  if (manifest.prompting !== 'zero-shot') return null;
  const [without, deviating] = manifest.classes;
  const change = async (classes: readonly [string, string] | undefined): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setError(await setWords(classes));
    setBusy(false);
  };
  return (
    <section className="words" data-testid="words">
      <p className="hint">{t('models.noPrompts')}</p>
      {manifest.files.text ? (
        <details open={shown} onToggle={(event) => showWords(event.currentTarget.open)}>
          <summary ref={summary}>
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
              {/* A disabled button would lose the focus. */}
              <button type="submit" aria-disabled={busy}>
                {busy ? t('models.readingWords') : t('models.applyWords')}
              </button>
              <button type="button" className="quiet" aria-disabled={busy} onClick={() => void change(undefined)}>
                {t('models.ownWords')}
              </button>
            </div>
            {error && <ErrorLine error={error} />}
          </form>
        </details>
      ) : (
        <p className="hint">
          {t('models.editWords')}: <span lang="en">{t('models.wordsAre', { without, with: deviating })}</span>. {t('models.wordsFixed')}
        </p>
      )}
    </section>
  );
}

/**
 * Gives the focus back to the words once the film is there that they were changed for: its panel is drawn anew, and whoever had
 * pressed a button in the old one would begin at the top of the page. Nobody is fetched from elsewhere.
 */
function useWordsFocus({ classes }: Manifest): RefObject<HTMLElement | null> {
  const ref = useRef<HTMLElement>(null);
  const awaited = useApp((state) => state.wordsAwaited);
  const { wordsSeen } = useActions();
  const words = classes.join('\n');
  useEffect(() => {
    if (awaited !== words) return;
    if (document.activeElement === null || document.activeElement === document.body) ref.current?.focus();
    wordsSeen();
  }, [awaited, words, wordsSeen]);
  return ref;
}
