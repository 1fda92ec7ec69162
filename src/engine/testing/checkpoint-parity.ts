import { expect } from 'vitest';
import { readExpected, REFERENCE, REFERENCE_FILES, type Folder } from '../../core/graph/testing/reference.js';
import type { ScoreResult } from '../../core/result.js';
import { runPpad } from '../../cli/testing/run-ppad.js';

export type Line = ScoreResult & { readonly file: string };
export type Storage = 'float32' | 'float16';

/** Of logits, relative or absolute, and of probabilities. Half weights have 11 bits. */
const TOLERANCE = { float32: [2e-3, 5e-3, 0.005], float16: [0.02, 0.1, 0.02] } as const;

export const FILMS = `${REFERENCE}images`;

/** How far `values` are off; beyond 1 is too far. */
export function off(values: readonly number[], wanted: readonly number[], storage: Storage): number {
  expect(values).toHaveLength(wanted.length);
  const [relative, absolute] = TOLERANCE[storage];
  return Math.max(...wanted.map((value, i) => Math.abs(value - values[i]!) / Math.max(absolute, relative * Math.abs(value))));
}

/** A folder's checkpoint as `--pack` or `import` take it, its prompts behind it where they are a file of their own. */
export function checkpointOf(folder: Folder): readonly [string, ...string[]] {
  const { clip, prompts } = REFERENCE_FILES[folder];
  return [`${REFERENCE}${folder}/${clip}`, ...(prompts ? ['--prompts', `${REFERENCE}${folder}/${prompts}`] : [])];
}

/** `ppad score --json`, which must succeed on `backend`. */
export async function score(pack: readonly string[], films: string, backend: string, ...more: string[]): Promise<Line[]> {
  const { status, out, err } = await runPpad(['score', '--json', '--pack', ...pack, ...more, films], { PPAD_RUNTIME: backend });
  expect({ status, err: status === 0 ? '' : err }).toEqual({ status: 0, err: '' });
  const lines = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  for (const line of lines) expect(line.backend).toBe(backend);
  return lines;
}

export const filmOf = ({ file }: Line): string => file.slice(file.lastIndexOf('/') + 1);
export const logitsOf = ({ positions }: Line): number[] => positions.flatMap(({ logits }) => logits);

/** Logits, probabilities, image score, rule and provenance of each line against the recording; returns the worst logit's share of its tolerance. */
export function checkScores(folder: Folder, lines: readonly Line[], storage: Storage): number {
  const { images } = readExpected(folder);
  const worst = lines.map((line) => {
    const wanted = images[filmOf(line)]!;
    const probabilities = [...line.positions.map(({ probability }) => probability), line.score];
    [...wanted.probabilities, wanted.score].forEach((value, i) =>
      expect(Math.abs(value - probabilities[i]!)).toBeLessThan(TOLERANCE[storage][2]),
    );
    expect(line.rule).toBe(Math.max(...wanted.probabilities) > 0.8 ? 'max' : 'mean');
    expect(line.pack.origin).toMatchObject({
      file: checkpointOf(folder)[0].split('/').at(-1),
      state: 'imported, not validated here',
    });
    return off(logitsOf(line), wanted.logits.flat(), storage);
  });
  expect(Math.max(...worst)).toBeLessThanOrEqual(1);
  return Math.max(...worst);
}

/** The logits for the recorded other class words. */
export async function checkOtherClasses(folder: Folder, pack: readonly string[], ...more: string[]): Promise<Line> {
  const { classes, image, logits } = readExpected(folder).classes_override;
  const [line] = await score(pack, `${FILMS}/${image}`, 'native', ...more, '--classes', classes.join(','));
  expect(off(logitsOf(line!), logits.flat(), 'float32')).toBeLessThanOrEqual(1);
  return line!;
}

/** The whole film's logits of a CLIP without prompts. */
export function checkZeroShot(folder: Folder, lines: readonly Line[]): void {
  const { logits } = readExpected(folder).zero_shot;
  for (const line of lines) {
    const whole = line.positions.at(-1)!;
    expect(off(whole.logits, logits[filmOf(line)]!, 'float32')).toBeLessThanOrEqual(1);
    expect(line).toMatchObject({ rule: 'whole', score: whole.probability, prompting: 'zero-shot' });
  }
}
