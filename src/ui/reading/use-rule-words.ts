import { useTranslation } from 'react-i18next';
import type { ReadFilm } from './reading-model.js';

/** Which branch of the rule gave the image score, in words. */
export function useRuleWords({ phase }: ReadFilm): string {
  const { t } = useTranslation();
  const { rule } = phase.scored.result;
  switch (rule) {
    case 'max': {
      const packRule = phase.manifest.rule;
      return t('result.rule.max', { maxAbove: packRule.kind === 'ppad' ? packRule.maxAbove.toFixed(2) : '' });
    }
    case 'mean':
      return t('result.rule.mean');
    case 'whole':
      return t('result.rule.whole');
  }
}
