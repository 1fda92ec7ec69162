import { useTranslation } from 'react-i18next';
import type { ChestCheck } from '../../core/result.js';

interface ChestNoticeProps {
  readonly chestCheck: ChestCheck | undefined;
  readonly synthetic: boolean;
}

/** Beside the scores, never instead of them: the picture may be no upright frontal chest film. Nothing where the pack has no doubt. */
export function ChestNotice({ chestCheck, synthetic }: ChestNoticeProps) {
  const { t } = useTranslation();
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
        {t(`chest.reason.${chestCheck.reason ?? 'unfamiliar'}`)} {synthetic ? t('chest.synthetic') : t('chest.meaning')}
      </p>
    </section>
  );
}
