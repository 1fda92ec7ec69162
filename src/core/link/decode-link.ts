import { crc32 } from '../crc32.js';
import { AppError, toAppError } from '../errors.js';
import { checkShared } from './check-shared.js';
import { fromBase64Url } from './base64url.js';
import type { SharedResult } from './shared-result.js';
import { readVersion } from './versions.js';

/** What a fragment with a result begins with. */
export const KEY = 'r=';
/** The longest that is looked at: the longest note and the largest preview fit in. */
const LONGEST = 8_000;
const CHECKSUM_BYTES = 4;

/** Whether a location's hash is meant to be a result, sound or not. */
export function isResultFragment(hash: string): boolean {
  return hash.startsWith(`#${KEY}`);
}

/**
 * Reads a link: a whole address, or its fragment with or without the `#`. Total: whatever it is given, it returns a sound
 * result or throws an `AppError`, within milliseconds.
 *
 * @throws AppError `LINK_DAMAGED` for what was cut or changed, `LINK_TOO_NEW`, `LINK_INVALID` for what contradicts itself.
 */
export function decodeLink(link: string): SharedResult {
  const { version, body } = openLink(link);
  try {
    return checkShared(readVersion(version, body));
  } catch (thrown) {
    const error = toAppError(thrown);
    // Nothing below throws anything else; should it, the link is still to blame.
    throw error.code === 'INTERNAL' ? new AppError('LINK_INVALID', error.message, {}, { cause: thrown }) : error;
  }
}

/** The format version of a link whose checksum fits. @throws AppError `LINK_DAMAGED`. */
export function linkVersion(link: string): number {
  return openLink(link).version;
}

function openLink(link: string): { readonly version: number; readonly body: Uint8Array } {
  const text = link.trim();
  const fragment = text.slice(text.indexOf('#') + 1);
  if (!fragment.startsWith(KEY))
    throw new AppError('LINK_DAMAGED', `The link has no result: its fragment does not begin with ${KEY}.`);
  if (fragment.length > LONGEST)
    throw new AppError('LINK_DAMAGED', `The link has ${fragment.length} characters, more than ${LONGEST}.`, {
      length: fragment.length,
    });
  const bytes = fromBase64Url(fragment.slice(KEY.length));
  if (bytes.length <= CHECKSUM_BYTES)
    throw new AppError('LINK_DAMAGED', `The link has ${bytes.length} bytes, too few for a result.`);
  const end = bytes.length - CHECKSUM_BYTES;
  const stored = new DataView(bytes.buffer).getUint32(end);
  if (crc32(bytes.subarray(0, end)) !== stored) throw new AppError('LINK_DAMAGED', 'The link does not fit its checksum.');
  return { version: bytes[0] ?? 0, body: bytes.subarray(1, end) };
}
