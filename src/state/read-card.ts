import { AppError } from '../core/errors.js';
import type { Manifest } from '../core/pack/manifest.js';

const CARD_LIMIT = 500_000;

/**
 * Fetches a pack's card and checks it against the manifest, as every file of a pack is.
 *
 * @returns its Markdown; undefined if the pack has none.
 * @throws AppError `DOWNLOAD_FAILED`, `PACK_HASH`.
 */
export async function readCard(packUrl: string, manifest: Manifest): Promise<string | undefined> {
  const { card } = manifest.files;
  if (!card || card.bytes > CARD_LIMIT) return undefined;
  const response = await fetch(new URL(card.path, packUrl)).catch(() => undefined);
  if (!response?.ok) throw new AppError('DOWNLOAD_FAILED', `${card.path} could not be fetched.`, { path: card.path });
  const bytes = await response.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (hex !== card.sha256)
    throw new AppError('PACK_HASH', `${card.path} is not the file that the manifest names.`, { path: card.path });
  return new TextDecoder().decode(bytes);
}
