import { useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toAppError } from '../../core/errors.js';
import { checkEvaluation, EVALUATION_LIMIT, parseEvaluation } from '../../core/pack/evaluation.js';
import type { ErrorValue, PackEvaluation } from '../../core/result.js';
import type { LibraryPack } from '../../state/index.js';
import { useActions } from '../shared/index.js';
import { ErrorLine } from './ErrorLine.js';
import { wordsIn } from './words-in.js';

interface EvaluationFormProps {
  readonly pack: LibraryPack;
  readonly onDone: () => void;
}

/** What the reader has measured with an imported model: typed, or from the line that `evaluate --json` printed. */
export function EvaluationForm({ pack, onDone }: EvaluationFormProps) {
  const { t } = useTranslation();
  const { evaluatePack } = useActions();
  const input = useRef<HTMLInputElement>(null);
  const [error, setError] = useState<ErrorValue>();
  const record = async (make: () => PackEvaluation | Promise<PackEvaluation>): Promise<void> => {
    try {
      const evaluation = await make();
      onDone();
      await evaluatePack(pack.id, evaluation);
    } catch (thrown) {
      const { code, message, detail } = toAppError(thrown);
      setError({ code, message, detail });
    }
  };
  return (
    <form
      className="evaluation"
      data-testid="evaluation"
      action={(data) => {
        const number = (name: string): number => Number(wordsIn(data, name));
        const date = new Date().toISOString();
        return record(() =>
          checkEvaluation({ normal: number('normal'), abnormal: number('abnormal'), auroc: number('auroc'), date }),
        );
      }}
    >
      <p className="hint">{t('evaluation.about')}</p>
      <NumberField name="normal" label={t('evaluation.without')} step={1} min={1} autoFocus />
      <NumberField name="abnormal" label={t('evaluation.with')} step={1} min={1} />
      <NumberField name="auroc" label="AUROC" step="any" min={0} max={1} />
      <div className="actions">
        <button type="submit">{t('evaluation.save')}</button>
        <button type="button" onClick={() => input.current?.click()}>
          {t('evaluation.file')}
        </button>
        {pack.evaluation && (
          <button
            type="button"
            className="quiet"
            onClick={() => {
              onDone();
              void evaluatePack(pack.id, undefined);
            }}
          >
            {t('evaluation.takeBack')}
          </button>
        )}
        <button type="button" className="quiet" onClick={onDone}>
          {t('models.cancel')}
        </button>
      </div>
      <input
        ref={input}
        type="file"
        hidden
        accept=".json,.jsonl,.txt"
        aria-label={t('evaluation.file')}
        data-testid="evaluation-input"
        onChange={({ target }) => {
          const file = target.files?.[0];
          if (file) void record(async () => parseEvaluation(await file.slice(0, EVALUATION_LIMIT + 1).text(), pack.sha256));
          target.value = '';
        }}
      />
      {error && <ErrorLine error={error} />}
    </form>
  );
}

interface NumberFieldProps {
  readonly name: string;
  readonly label: string;
  readonly step: number | 'any';
  readonly min: number;
  readonly max?: number;
  readonly autoFocus?: boolean;
}

function NumberField({ label, ...field }: NumberFieldProps) {
  const id = useId();
  return (
    <p className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} type="number" required {...field} />
    </p>
  );
}
