import type { SharedResult } from '../core/link/shared-result.js';
import { defaultPositions } from '../core/pack/default-positions.js';
import { positionNames } from '../core/pack/position-names.js';
import { describeDoubt, describeScores } from './table.js';

/** A link's result as one line of JSON; fields that the link does not have are left out. */
export function linkLine(version: number, shared: SharedResult): string {
  const {
    score,
    rule,
    maxAbove,
    threshold,
    aboveThreshold,
    calibrated,
    chestCheck,
    sides,
    pack,
    stage,
    backend,
    app,
    date,
    inputDigest,
  } = shared;
  const { synthetic, note, preview } = shared;
  const names = namesOf(shared);
  return JSON.stringify({
    version,
    positions: shared.positions.map(({ id, probability }, i) => ({ id, name: names[i], probability })),
    score,
    rule,
    maxAbove,
    threshold,
    aboveThreshold,
    calibrated,
    chestCheck,
    sides,
    pack: { ...pack, stage },
    backend,
    app,
    date,
    inputDigest,
    synthetic,
    note,
    // A hexadecimal digit a pixel: sixteen greys.
    preview: preview && { ...preview, levels: Array.from(preview.levels, (level) => level.toString(16)).join('') },
  });
}

/** A link's result for people. */
export function describeLink(shared: SharedResult): string {
  const { pack, stage, app, date, inputDigest, sides, synthetic, note, preview } = shared;
  const facts: (readonly [string, string])[] = [
    ['sides', sides === 'assumed' ? 'assumed standard view' : 'flipped by the sender'],
    ['model', `${pack.name} ${pack.version}${stage === undefined ? '' : ` (${stage})`} ${pack.sha256}`],
    ...originRow(pack),
    ['made', `${date} by ${app}`],
    ['input', inputDigest],
  ];
  if (synthetic) facts.push(['film', 'a synthetic phantom, as the sender says']);
  if (preview) facts.push(['picture', `${preview.width} x ${preview.height}, shown on the page`]);
  // A note of several lines stays under its own heading.
  if (note !== undefined) facts.push(['note', note.replaceAll('\n', `\n  ${' '.repeat(9)}`)]);
  return [
    'A shared result. Research use; not a medical device.',
    ...describeDoubt(shared),
    ...describeScores(shared, namesOf(shared)),
    ...facts.map(([name, value]) => `  ${name.padEnd(9)}${value}`),
    '',
  ].join('\n');
}

/** In patient terms, from the ids and the sides alone: a link has no names of its own. */
function namesOf({ sides }: SharedResult): readonly string[] {
  return positionNames({ positions: defaultPositions() }, sides);
}

function originRow({ origin }: SharedResult['pack']): (readonly [string, string])[] {
  return origin ? [['from', `${origin.file}, SHA-256 ${origin.sha256}: ${origin.state}`]] : [];
}
