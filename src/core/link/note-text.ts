/** The longest note, in code points: a few sentences. */
export const NOTE_LIMIT = 280;

// Controls; marks, embeddings, overrides and isolates that turn the direction of text; invisible spaces and joiners that have no
// part in spelling (U+200C and U+200D have); separators that end lines; annotation anchors; tags; private and unassigned ends.
const UNSEEN =
  /[\0-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\ufffe\uffff\u{e0000}-\u{e0fff}]/gu;

/**
 * A stranger's text made safe to show among other text: what cannot be seen, or turns the direction of what follows, becomes
 * U+FFFD, so that one sees that something was there. Line feeds stay.
 */
export function neutraliseText(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(UNSEEN, '\ufffd');
}

/** Code points, as people would count letters. */
export function countLetters(text: string): number {
  return Array.from(text).length;
}
