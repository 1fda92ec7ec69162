import { crc32 } from '../crc32.js';
import { toBase64Url } from './base64url.js';
import { checkShared } from './check-shared.js';
import { KEY } from './decode-link.js';
import { LinkWriter } from './link-bytes.js';
import { writeRecord } from './record-writer.js';
import type { SharedResult } from './shared-result.js';
import { versionFor } from './versions.js';

// Apart from reading: a page that shows a link need not bring what makes one.

/**
 * A result as the fragment of a link, without the `#`: at most 400 characters where it has neither note nor preview.
 *
 * @throws AppError `LINK_INVALID` for a result that contradicts itself or has a note that is too long.
 */
export function encodeFragment(shared: SharedResult): string {
  const writer = new LinkWriter();
  writer.uint8(versionFor(shared));
  writer.bytes(writeCurrent(checkShared(shared)));
  writer.uint32(crc32(writer.result));
  return KEY + toBase64Url(writer.result);
}

/** The body of a record. */
function writeCurrent({ positions, date, ...rest }: SharedResult): Uint8Array {
  return writeRecord({ ...rest, probabilities: positions.map(({ probability }) => probability), time: Date.parse(date) });
}
