import { neutraliseText } from './note-text.js';

/** With it the longest link of an imported pack has 400 characters. */
export const LONGEST_FILE_BYTES = 32;

const ELLIPSIS = '…';
const bytesIn = (text: string): number => new TextEncoder().encode(text).length;

/** A checkpoint's file name as a link carries it: one line, at most 32 bytes, the rest behind an ellipsis. */
export function shortName(name: string): string {
  const plain = neutraliseText(name).replaceAll(/\s+/gu, ' ').trim() || 'checkpoint';
  if (bytesIn(plain) <= LONGEST_FILE_BYTES) return plain;
  let kept = '';
  for (const character of plain) {
    if (bytesIn(kept + character + ELLIPSIS) > LONGEST_FILE_BYTES) break;
    kept += character;
  }
  return kept.trimEnd() + ELLIPSIS;
}
