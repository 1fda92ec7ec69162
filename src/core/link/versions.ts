import { AppError } from '../errors.js';
import { POSITION_IDS } from '../result.js';
import { neutraliseText } from './note-text.js';
import { readV1, type RecordV1 } from './record-v1.js';
import type { SharedResult } from './shared-result.js';

/** The version that this code writes, and the newest that it reads. */
export const LINK_VERSION = 1;

/**
 * Reads a record's body of any version since the first. When a version 2 comes, its record gets a file of its own, `upgradeV1`
 * gives that record, and an `upgradeV2` what this one gives now: old links climb one step at a time, for ever.
 *
 * @throws AppError `LINK_TOO_NEW`, `LINK_INVALID`.
 */
export function readVersion(version: number, body: Uint8Array): SharedResult {
  switch (version) {
    case 1:
      return upgradeV1(readV1(body));
    default:
      if (version > LINK_VERSION)
        throw new AppError('LINK_TOO_NEW', `The link has format version ${version}; this app reads up to ${LINK_VERSION}.`, {
          version,
        });
      throw new AppError('LINK_INVALID', `There is no link format version ${version}.`, { version });
  }
}

/** From version 1 to what the app works with. */
function upgradeV1({ probabilities, time, ...rest }: RecordV1): SharedResult {
  return {
    ...rest,
    positions: POSITION_IDS.map((id, i) => ({ id, probability: probabilities[i] ?? NaN })),
    // Never stored: it follows from two numbers that are stored whole, so no rounding can turn it.
    aboveThreshold: rest.score > rest.threshold,
    date: new Date(time).toISOString(),
    note: rest.note === undefined ? undefined : neutraliseText(rest.note),
  };
}
