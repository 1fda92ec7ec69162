import { AppError } from '../errors.js';

/** Without padding (RFC 4648, section 5). */
export function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/**
 * Strict: each sequence of bytes has one text, so that a changed character is a changed byte.
 *
 * @throws AppError `LINK_DAMAGED`.
 */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const at = text.search(/[^A-Za-z0-9_-]/);
  if (at >= 0) throw new AppError('LINK_DAMAGED', `Character ${at + 1} of the link's result is none that a link has.`, { at });
  if (text.length % 4 === 1) throw new AppError('LINK_DAMAGED', 'The link ends within a byte.');
  const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
  if (toBase64Url(bytes) !== text) throw new AppError('LINK_DAMAGED', 'The last character of the link was changed.');
  return bytes;
}
