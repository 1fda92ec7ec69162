import type { Manifest } from '../core/pack/manifest.js';
import { positionNames } from '../core/pack/position-names.js';
import type { ChestCheck, ChestReason, ScoreResult, Sides } from '../core/result.js';

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;

/** A scored film for people: the image score first, then each position, aligned. */
export function describeResult(file: string, result: ScoreResult, manifest: Pick<Manifest, 'positions'>, sides: Sides): string {
  const { film, ms } = result;
  const time = ms.decode + ms.preprocess + ms.inference;
  const head = `${file}  (${film.width} x ${film.height} ${film.format}, ${time.toFixed(0)} ms)`;
  const rows = [...describeDoubt(result), ...describeScores(result, positionNames(manifest, sides))];
  if (result.prompting === 'zero-shot') rows.push('  no learned prompts: masked patches show the mean patch of the film');
  return [head, ...rows, ''].join('\n') + '\n';
}

/** What stands before the scores of a picture that may be no upright frontal chest film. */
export function describeDoubt({ chestCheck }: { readonly chestCheck?: ChestCheck | undefined }): readonly string[] {
  if (!chestCheck?.flagged) return [];
  const { value, threshold, reason } = chestCheck;
  return [
    `  may be no upright frontal chest film: ${DOUBTS[reason ?? 'unfamiliar']} (${percent(value)}, above ${percent(threshold)})`,
  ];
}

/** The image score and each position as aligned lines; `names` are those of the positions, in their order. */
export function describeScores(scores: Scores, names: readonly string[]): readonly string[] {
  const { score, rule, threshold, aboveThreshold, positions } = scores;
  const rows: [string, string, string][] = [
    [
      'image score',
      percent(score),
      `${aboveThreshold ? 'above' : 'below'} this model's threshold of ${percent(threshold)} (${RULES[rule]})`,
    ],
    ...positions.map(({ probability }, i): [string, string, string] => [names[i] ?? '', percent(probability), bar(probability)]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value, rest]) => `  ${name.padEnd(width)}  ${value.padStart(7)}  ${rest}`);
}

type Scores = Pick<ScoreResult, 'score' | 'rule' | 'threshold' | 'aboveThreshold'> & {
  readonly positions: readonly { readonly probability: number }[];
};

const DOUBTS: Readonly<Record<ChestReason, string>> = {
  'upside-down': 'it looks upside down',
  sideways: 'it looks turned by a quarter',
  inverted: 'its greys look inverted',
  unfamiliar: 'it is unlike those that the model learned from',
};

const RULES: Readonly<Record<ScoreResult['rule'], string>> = {
  max: 'the largest of the five',
  mean: 'the mean of the five',
  whole: "the whole film's own",
};

function bar(probability: number): string {
  const cells = Math.round(20 * probability);
  return '#'.repeat(cells) + '.'.repeat(20 - cells);
}
