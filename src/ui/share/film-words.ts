import type { TFunction } from 'i18next';
import { RESEARCH_USE } from '../../core/export/film-export.js';
import { POSITION_IDS, type PositionId } from '../../core/result.js';
import type { Language } from '../../state/index.js';
import { originWords, stageWords } from '../models/index.js';
import { maxAboveOf, positionName, ruleWords, scoreAt, type ReadFilm } from '../reading/index.js';
import { formatProbability } from '../shared/index.js';

/** A result in words and numbers, in the reader's language, for a picture. */
export interface FilmWords {
  readonly researchUse: string;
  readonly score: string;
  readonly verdict: string;
  /** Why the picture may be no chest film, if there is a doubt; else nothing. */
  readonly doubt: readonly string[];
  readonly rule: string;
  readonly threshold: { readonly text: string; readonly value: number };
  readonly positions: readonly {
    readonly id: PositionId;
    readonly name: string;
    readonly value: string;
    readonly probability: number;
  }[];
  /** The sides' letters, at the left and at the right of the film. */
  readonly marks: readonly [string, string];
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly disclaimer: string;
}

export function describeFilm(t: TFunction, language: Language, film: ReadFilm, withName: boolean): FilmWords {
  const { manifest, scored } = film.phase;
  const { score, threshold, aboveThreshold, rule, chestCheck, pack, app, date, inputDigest, film: facts } = scored.result;
  const [right, left] = [t('positions.markRight'), t('positions.markLeft')];
  const { origin } = pack;
  const tag = stageWords(t, manifest.stage, origin?.state);
  const size = t('facts.size', { width: facts.width, height: facts.height, format: facts.format.toUpperCase() });
  return {
    // A picture travels to people of any language.
    researchUse: language === 'en' ? t('report.researchUse') : `${t('report.researchUse')} ${RESEARCH_USE}`,
    score: formatProbability(score, threshold),
    verdict: aboveThreshold ? t('result.above') : t('result.below'),
    doubt: chestCheck?.flagged ? [t('chest.title'), t(`chest.reason.${chestCheck.reason ?? 'unfamiliar'}`)] : [],
    rule: ruleWords(t, rule, maxAboveOf(manifest)),
    threshold: { text: t('result.threshold', { value: threshold.toFixed(2) }), value: threshold },
    positions: POSITION_IDS.map((id) => {
      const probability = scoreAt(film, id)?.probability ?? NaN;
      const name = capitalise(positionName(t, language, manifest, id, film.sides));
      return { id, name, value: formatProbability(probability, threshold), probability };
    }),
    marks: film.sides === 'assumed' ? [right, left] : [left, right],
    facts: [
      ...(withName ? [[t('report.file'), film.name] as const] : []),
      [t('facts.film'), film.synthetic ? `${size}, ${t('intake.synthetic')}` : size],
      [t('facts.sides'), film.sides === 'assumed' ? t('facts.assumed') : t('facts.flipped')],
      [t('facts.model'), `${manifest.title} ${pack.version}${tag === undefined ? '' : ` (${tag})`}`],
      [t('report.hash'), pack.sha256],
      ...(origin
        ? [[t('models.origin'), `${origin.file}, ${originWords(t, origin.state)}; SHA-256 ${origin.sha256}`] as const]
        : []),
      [t('report.made'), t('report.madeBy', { date: date.slice(0, 16).replace('T', ' '), app })],
      [t('report.input'), inputDigest],
    ],
    disclaimer: t('app.disclaimer'),
  };
}

/** A pack writes its names as in the middle of a sentence. */
function capitalise(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
