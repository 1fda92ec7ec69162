import type { TFunction } from 'i18next';
import type { Manifest } from '../../core/pack/manifest.js';
import type { OriginState, PackEvaluation } from '../../core/result.js';

/** The tag beside a pack's name: its stage, and of an imported one whether its user has evaluated it; undefined for a release. */
export function stageWords(t: TFunction, stage: Manifest['stage'] | undefined, state: OriginState | undefined): string | undefined {
  if (stage === undefined || stage === 'release') return undefined;
  return stage === 'imported' && state === 'imported, evaluated here' ? t('evaluation.done') : t(`stage.${stage}`);
}

/** The state of an imported pack in the reader's language. */
export function originWords(t: TFunction, state: OriginState): string {
  return state === 'imported, evaluated here' ? t('evaluation.done') : t('models.notValidated');
}

/** What was measured, in a line. */
export function evaluationWords(t: TFunction, language: string, { normal, abnormal, auroc, date }: PackEvaluation): string {
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(new Date(date));
  return t('evaluation.facts', { without: normal, with: abnormal, auroc: auroc.toFixed(3), date: day });
}
