import { useTranslation } from 'react-i18next';
import { formatProbability } from '../shared/index.js';
import type { ReadFilm } from './reading-model.js';

/** Rows of the facts that only some packs have: what the chest check says, and the calibrated score. */
export function ChestFacts({ film }: { readonly film: ReadFilm }) {
  const { t } = useTranslation();
  const { manifest, scored } = film.phase;
  const { chestCheck, calibrated } = scored.result;
  return (
    <>
      {calibrated !== undefined && (
        <>
          <dt>{t('chest.calibrated')}</dt>
          <dd data-testid="calibrated" data-value={calibrated}>
            {t('chest.calibratedHow', {
              value: formatProbability(calibrated),
              temperature: manifest.calibration?.temperature.toFixed(2) ?? '',
            })}
          </dd>
        </>
      )}
      {chestCheck && (
        <>
          <dt>{t('chest.label')}</dt>
          <dd data-testid="chest-check" data-value={chestCheck.value} data-flagged={chestCheck.flagged}>
            {t(chestCheck.flagged ? 'chest.flagged' : 'chest.passed', {
              value: formatProbability(chestCheck.value, chestCheck.threshold),
              threshold: chestCheck.threshold.toFixed(2),
            })}
          </dd>
        </>
      )}
    </>
  );
}
