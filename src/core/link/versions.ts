import { AppError } from '../errors.js';
import { POSITION_IDS } from '../result.js';
import { neutraliseText } from './note-text.js';
import { readV1, readV2, type LinkRecord } from './record.js';
import type { SharedResult } from './shared-result.js';

/** The newest version that this code reads. */
export const LINK_VERSION = 2;

/** The version that a result is written in: the oldest that has room for it, so that older pages can read what they know. */
export function versionFor({ pack }: Pick<SharedResult, 'pack'>): number {
  return pack.origin ? 2 : 1;
}

/**
 * Reads a record's body of any version since the first. Version 2 adds a field to version 1, so one step leads from both to what
 * the app works with. A version that changes more gets a record of its own, and a step from this one: old links climb, for ever.
 *
 * @throws AppError `LINK_TOO_NEW`, `LINK_INVALID`.
 */
export function readVersion(version: number, body: Uint8Array): SharedResult {
  switch (version) {
    case 1:
      return upgradeV2(readV1(body));
    case 2:
      return upgradeV2(readV2(body));
    default:
      if (version > LINK_VERSION)
        throw new AppError('LINK_TOO_NEW', `The link has format version ${version}; this app reads up to ${LINK_VERSION}.`, {
          version,
        });
      throw new AppError('LINK_INVALID', `There is no link format version ${version}.`, { version });
  }
}

/** From version 2 to what the app works with. */
function upgradeV2({ probabilities, time, ...rest }: LinkRecord): SharedResult {
  return {
    ...rest,
    positions: POSITION_IDS.map((id, i) => ({ id, probability: probabilities[i] ?? NaN })),
    // Never stored: it follows from two numbers that are stored whole, so no rounding can turn it.
    aboveThreshold: rest.score > rest.threshold,
    date: new Date(time).toISOString(),
    note: rest.note === undefined ? undefined : neutraliseText(rest.note),
  };
}
