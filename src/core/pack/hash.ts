import { sha256 as digest } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** A SHA-256 over bytes that come in pieces. */
export interface RunningHash {
  update(chunk: Uint8Array): void;
  /** 64 digits of lower-case hex; nothing may be added afterwards. */
  hex(): string;
}

/** Begins a SHA-256. Some machines have to load theirs first. */
export type StartHash = () => RunningHash | Promise<RunningHash>;

export function startSha256(): RunningHash {
  const state = digest.create();
  return { update: (chunk) => void state.update(chunk), hex: () => bytesToHex(state.digest()) };
}

/** SHA-256 of bytes in memory, as 64 digits of lower-case hex. */
export function sha256(bytes: Uint8Array): string {
  return bytesToHex(digest(bytes));
}
