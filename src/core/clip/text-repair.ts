import { decodeHTML, decodeHTMLStrict } from 'entities/decode';

/** What windows-1252 puts at bytes 0x80 to 0x9f; the five that it leaves open are themselves (as in HTML). */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

const BYTE_OF: ReadonlyMap<string, number> = new Map([...WINDOWS_1252].map((char, i) => [char, 0x80 + i]));

const LIGATURES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    Ĳ: 'IJ',
    ĳ: 'ij',
    ŉ: 'ʼn',
    Ǳ: 'DZ',
    ǲ: 'Dz',
    ǳ: 'dz',
    Ǆ: 'DŽ',
    ǅ: 'Dž',
    ǆ: 'dž',
    Ǉ: 'LJ',
    ǈ: 'Lj',
    ǉ: 'lj',
    Ǌ: 'NJ',
    ǋ: 'Nj',
    ǌ: 'nj',
    ﬀ: 'ff',
    ﬁ: 'fi',
    ﬂ: 'fl',
    ﬃ: 'ffi',
    ﬄ: 'ffl',
    ﬅ: 'ſt',
    ﬆ: 'st',
  }),
);

const TERMINAL_ESCAPE = /\x1b\[[\d;]*[a-zA-Z]/g;
const CONTROL = /[\0-\x08\x0b\x0e-\x1f\x7f\u206a-\u206f\ufeff\ufff9-\ufffc]/g;
/** What Python's `str.split()` splits at: JavaScript's `\s` lacks the separators and the next line, and has the byte order mark. */
const BLANKS = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;
const C1 = /[\x80-\x9f]/g;
const FULL_OR_HALF_WIDTH = /[\u3000\uff01-\uffef]/g;
const LIGATURE = /[ĲĳŉǄ-ǌǱ-ǳﬀ-ﬆ]/g;
// Named or numbered, and closed: "this&not that" is no reference.
const REFERENCE = /&#?[0-9A-Za-z]{1,24};/g;

// Bytes 0x80 to 0xbf as they look in Latin-1 or Windows-1252. Lead letters are those of Latin, Greek, Cyrillic and Arabic
// letters, of punctuation and of emoji. Others (`É»`, `é”…`) end words before a quotation mark, and stay.
const NEXT = `[\\u0080-\\u00bf${WINDOWS_1252}]`;
const MOJIBAKE = new RegExp(`[ÂÃÄÅÎÏÐÑØÙ]${NEXT}|[âï]${NEXT}{2}|ð${NEXT}{3}`, 'g');

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Text as CLIP's tokenizer wants it: repaired as Python's ftfy does it by default, HTML references resolved twice, blanks
 * collapsed, lower case. Of ftfy's guesses at mis-decoded text the usual one is made, UTF-8 that was read as Latin-1 or
 * Windows-1252; other code pages, East Asian scripts and bytes lost on the way stay as they are.
 */
export function cleanText(text: string): string {
  const repaired = text
    .split(/(?<=\n)/)
    .map(repair)
    .join('');
  return decodeHTML(decodeHTML(repaired)).replace(BLANKS, ' ').trim().toLowerCase();
}

/** One line, until nothing changes any more. Each round shortens the text or brings it to a normal form; ten are never needed. */
function repair(line: string): string {
  const unescape = !line.includes('<');
  let text = line;
  for (let round = 0; round < 10; round++) {
    const before = text;
    if (unescape) text = text.replace(REFERENCE, resolveReference);
    text = undoMojibake(text)
      .replace(C1, (char) => WINDOWS_1252[char.charCodeAt(0) - 0x80] ?? char)
      .replace(LIGATURE, (char) => LIGATURES.get(char) ?? char)
      .replace(FULL_OR_HALF_WIDTH, (char) => char.normalize('NFKC'))
      .replace(/[ʼ‘-‛]/g, "'")
      .replace(/[“-‟]/g, '"')
      .replace(TERMINAL_ESCAPE, '')
      .replace(CONTROL, '')
      .normalize('NFC');
    if (text === before) return text;
  }
  return text;
}

/** `CafÃ©` is `Café`: a letter that begins a UTF-8 sequence, followed by the signs that continue it, is no word's spelling. */
function undoMojibake(text: string): string {
  return text.replace(MOJIBAKE, (sequence) => {
    try {
      return utf8.decode(Uint8Array.from(sequence, (char) => BYTE_OF.get(char) ?? char.charCodeAt(0)));
    } catch {
      return sequence;
    }
  });
}

/** The character of a closed reference. Capitals are taken for a text in capitals, as ftfy does: `P&EACUTE;REZ`. */
function resolveReference(reference: string): string {
  const resolved = decodeHTMLStrict(reference);
  if (resolved !== reference || reference !== reference.toUpperCase()) return resolved;
  const lower = reference.toLowerCase();
  const fromLower = decodeHTMLStrict(lower);
  return fromLower === lower ? reference : fromLower.toUpperCase();
}
