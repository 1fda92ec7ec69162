import { AppError } from '../errors.js';
import { scoreImage } from '../ppad/scoring.js';
import { ORIGIN_STATES, POSITION_IDS } from '../result.js';
import { countLetters, NOTE_LIMIT } from './note-text.js';
import { shortName } from './short-name.js';
import type { SharedResult } from './shared-result.js';

/** Sums of five doubles in another order, or numbers that someone wrote with fewer digits. */
const ROUNDING = 1e-6;

const PACK_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const PACK_VERSION = /^\d+\.\d+\.\d+(-[a-z0-9.]+)?$/;
const PROGRAM = /^[\x21-\x7e]+( [\x21-\x7e]+)*$/;
/** With a pack's longest name, these keep a link without note and preview under 400 characters. */
const LONGEST = { version: 32, program: 32 };

/**
 * What must hold of a result in a link, before it is written as after it was read: ranges, plain names, and a score that
 * follows from the five probabilities by its rule.
 *
 * @throws AppError `LINK_INVALID` with the field that is wrong.
 */
export function checkShared(shared: SharedResult): SharedResult {
  const demand = (holds: boolean, field: string, fact: string): void => {
    if (!holds) throw new AppError('LINK_INVALID', `The link's ${field} ${fact}.`, { field });
  };
  const fraction = (value: number, field: string): void => demand(value >= 0 && value <= 1, field, 'is not between 0 and 1');
  demand(
    shared.positions.length === POSITION_IDS.length && shared.positions.every(({ id }, i) => id === POSITION_IDS[i]),
    'positions',
    'are not the five of the method, in its order',
  );
  for (const { id, probability } of shared.positions) fraction(probability, `probability of ${id}`);
  fraction(shared.score, 'score');
  fraction(shared.threshold, 'threshold');
  fraction(shared.maxAbove ?? 0, 'rule');
  demand(followsFromRule(shared), 'score', `does not follow from its probabilities by the rule ${shared.rule}`);
  demand(shared.aboveThreshold === shared.score > shared.threshold, 'verdict', 'is not that of its score and threshold');
  fraction(shared.calibrated ?? 0, 'calibrated score');
  // A temperature bends the score, but leaves it on its side of one half.
  demand(
    shared.calibrated === undefined || (shared.calibrated - 0.5) * (shared.score - 0.5) >= 0,
    'calibrated score',
    'lies on the other side of one half than the score',
  );
  checkChest(shared, demand, fraction);
  demand(/^[0-9a-f]{32}$/.test(shared.inputDigest), 'input digest', 'is not 128 bits in hex');
  demand(isDate(shared.date), 'date', 'is not a time from 1970 to 9999');
  checkNames(shared, demand);
  return shared;
}

type Demand = (holds: boolean, field: string, fact: string) => void;

function checkNames({ pack, app, note }: SharedResult, demand: Demand): void {
  demand(PACK_NAME.test(pack.name), 'pack name', 'is not a pack name');
  demand(
    PACK_VERSION.test(pack.version) && pack.version.length <= LONGEST.version,
    'pack version',
    'is not a version, or too long',
  );
  demand(/^[0-9a-f]{64}$/.test(pack.sha256), 'pack hash', 'is not a SHA-256 in hex');
  if (pack.origin) {
    const { file, sha256, state } = pack.origin;
    demand(/^[0-9a-f]{64}$/.test(sha256), 'checkpoint hash', 'is not a SHA-256 in hex');
    demand(ORIGIN_STATES.includes(state), 'state of the checkpoint', 'is none that there is');
    demand(file !== '' && file === shortName(file), 'checkpoint name', 'is no short name of a file');
  }
  demand(PROGRAM.test(app) && app.length <= LONGEST.program, 'app', 'is not a program and its version, or too long');
  demand(
    note === undefined || (note !== '' && countLetters(note) <= NOTE_LIMIT),
    'note',
    `is empty, or longer than ${NOTE_LIMIT} letters`,
  );
}

function checkChest({ chestCheck }: SharedResult, demand: Demand, fraction: (value: number, field: string) => void): void {
  if (!chestCheck) return;
  const { value, threshold, flagged, reason } = chestCheck;
  fraction(value, 'chest check');
  fraction(threshold, 'chest check');
  demand(flagged === value > threshold && flagged === (reason !== null), 'chest check', 'contradicts itself');
}

/** Years beyond four digits have another form in ISO 8601; a record has no room for those before 1970. */
function isDate(date: string): boolean {
  const time = Date.parse(date);
  return time >= 0 && time <= Date.UTC(9999, 11, 31, 23, 59, 59, 999);
}

function followsFromRule({ positions, score, rule, maxAbove }: SharedResult): boolean {
  const probabilities = positions.map(({ probability }) => probability);
  const scoringRule =
    rule === 'whole' ? ({ kind: 'whole' } as const) : ({ kind: 'ppad', maxAbove: maxAbove ?? maxAboveOf(rule) } as const);
  if (rule === 'whole' && maxAbove !== undefined) return false;
  const expected = scoreImage(probabilities, scoringRule);
  return expected.rule === rule && Math.abs(expected.score - score) <= ROUNDING;
}

/** Where the sender did not say when the largest counts: a bound that makes the branch that was taken the right one. */
function maxAboveOf(rule: 'max' | 'mean'): number {
  return rule === 'max' ? -1 : 1;
}
