import { useTranslation } from 'react-i18next';
import type { SharedResult } from '../../core/link/shared-result.js';
import type { CheckPhase } from '../../state/index.js';
import { formatProbability, useActions, useApp } from '../shared/index.js';
import { ErrorView, Progress } from '../status/index.js';
import { useSharedNames } from './use-shared.js';

interface FilmCheckProps {
  readonly shared: SharedResult;
  readonly onChoose: () => void;
}

/** The recipient's own reading of the film: whether it is the same model input, and whether the numbers agree. */
export function FilmCheck({ shared, onChoose }: FilmCheckProps) {
  const { t } = useTranslation();
  const check = useApp((state) => state.check);
  const engine = useApp((state) => state.engine);
  const { cancelCheck, checkFilm } = useActions();
  return (
    <section className="film-check">
      <h2>{check?.kind === 'done' ? t('link.checkDone') : t('link.checkTitle')}</h2>
      {!check && (
        <>
          <p>{t('link.checkHint')}</p>
          <button type="button" className="primary" onClick={onChoose}>
            {t('link.checkChoose')}
          </button>
        </>
      )}
      {check?.kind === 'busy' && (
        <Progress engine={engine} film={{ name: check.film.name, stage: check.stage }} onCancel={cancelCheck} />
      )}
      {check?.kind === 'failed' && (
        <ErrorView error={check.error} name={check.film.name} onAgain={() => checkFilm(check.film)}>
          <button type="button" onClick={onChoose}>
            {t('link.checkAgain')}
          </button>
        </ErrorView>
      )}
      <div role="status">{check?.kind === 'done' && <Findings check={check} shared={shared} onChoose={onChoose} />}</div>
    </section>
  );
}

interface FindingsProps extends FilmCheckProps {
  readonly check: CheckPhase & { readonly kind: 'done' };
}

function Findings({ check: { film, comparison, own }, shared, onChoose }: FindingsProps) {
  const { t } = useTranslation();
  const { addFilms } = useActions();
  const { sameInput, samePack, agrees } = comparison;
  const difference = useDifferenceWords(comparison, shared);
  const mine = `${own.pack.name} ${own.pack.version}, ${own.pack.sha256.slice(0, 8)}`;
  const theirs = `${shared.pack.name} ${shared.pack.version}, ${shared.pack.sha256.slice(0, 8)}`;
  return (
    <>
      <ul className="findings" data-testid="findings" data-same-input={sameInput} data-same-pack={samePack} data-agrees={agrees}>
        <li data-good={sameInput}>
          {sameInput ? t('link.sameInput') : samePack ? t('link.otherInput') : t('link.otherInputPack')}
        </li>
        <li data-good={samePack}>{samePack ? t('link.samePack', { mine }) : t('link.otherPack', { mine, theirs })}</li>
        {agrees !== undefined && (
          <li data-good={agrees}>{agrees ? t('link.agrees', difference) : t('link.disagrees', difference)}</li>
        )}
      </ul>
      <p className="finding-file">
        {film.name} · {t('link.ownScore', { score: formatProbability(own.score, own.threshold) })}
      </p>
      <div className="actions">
        <button type="button" onClick={() => addFilms([film])}>
          {t('link.checkOpen')}
        </button>
        <button type="button" onClick={onChoose}>
          {t('link.checkAgain')}
        </button>
      </div>
    </>
  );
}

function useDifferenceWords(
  { largest }: FindingsProps['check']['comparison'],
  shared: SharedResult,
): { readonly difference: string; readonly where: string } {
  const { t } = useTranslation();
  const nameOf = useSharedNames(shared);
  return {
    difference: largest.difference.toFixed(4),
    where: largest.at === 'image' ? t('link.whereImage') : nameOf(largest.at),
  };
}
