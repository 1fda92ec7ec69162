import { useTranslation } from 'react-i18next';
import type { ReadFilm } from './reading-model.js';

/** Beside the scores, never instead of them: the picture may be no upright frontal chest film. Nothing where the pack has no doubt. */
export function ChestNotice({ film }: { readonly film: ReadFilm }) {
  const { t } = useTranslation();
  const { chestCheck } = film.phase.scored.result;
  if (!chestCheck?.flagged) return null;
  return (
    <section
      className="chest-notice"
      data-testid="chest-notice"
      data-reason={chestCheck.reason}
      aria-labelledby="chest-notice-title"
    >
      <h2 id="chest-notice-title">{t('chest.title')}</h2>
      <p>
        {t(`chest.reason.${chestCheck.reason ?? 'unfamiliar'}`)} {film.synthetic ? t('chest.synthetic') : t('chest.meaning')}
      </p>
    </section>
  );
}
