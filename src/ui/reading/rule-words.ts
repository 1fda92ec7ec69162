import type { TFunction } from 'i18next';
import type { Manifest } from '../../core/pack/manifest.js';
import type { Rule } from '../../core/result.js';

/** Which branch of the rule gave the image score, in words. */
export function ruleWords(t: TFunction, rule: Rule, maxAbove: number | undefined): string {
  switch (rule) {
    case 'max':
      return maxAbove === undefined ? t('result.rule.maxAlone') : t('result.rule.max', { maxAbove: maxAbove.toFixed(2) });
    case 'mean':
      return t('result.rule.mean');
    case 'whole':
      return t('result.rule.whole');
  }
}

/** The bound above which the largest probability counts; undefined for a pack with another rule. */
export function maxAboveOf({ rule }: Pick<Manifest, 'rule'>): number | undefined {
  return rule.kind === 'ppad' ? rule.maxAbove : undefined;
}
