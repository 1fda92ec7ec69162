import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** SHA-256 of bytes, lower-case hex. */
export function sha256(bytes: Uint8Array): string {
  return bytesToHex(nobleSha256(bytes));
}

/** A SHA-256 under way, for bytes that come in pieces. */
export interface Sha256 {
  update(chunk: Uint8Array): void;
  /** Ends it: lower-case hex. */
  hex(): string;
}

export function startSha256(): Sha256 {
  const hash = nobleSha256.create();
  return { update: (chunk) => void hash.update(chunk), hex: () => bytesToHex(hash.digest()) };
}
