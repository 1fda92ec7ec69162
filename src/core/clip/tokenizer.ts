import { Tokenizer } from '@huggingface/tokenizers';
import { AppError } from '../errors.js';
import { cleanText } from './text-repair.js';

/** Tokens that a CLIP text tower takes, start and end included. */
export const CONTEXT_LENGTH = 77;

export interface ClipTokenizer {
  /** Rows of the token table: 512 bytes (within and at the end of a word), one a merge, start and end. 49,408 in CLIP. */
  readonly vocabulary: number;
  readonly startId: number;
  readonly endId: number;
  /**
   * Token ids of a prompt, from start to end token, without padding.
   *
   * @throws AppError `TEXT_TOO_LONG` beyond the context length: text is never cut.
   */
  encode(text: string): number[];
  /** The words of token ids, start and end left out: for class words that are found in a checkpoint. */
  decode(ids: readonly number[]): string;
}

const START = '<|startoftext|>';
const END = '<|endoftext|>';
const WORD_END = '</w>';
// Far above what fits into 77 tokens (the longest token has 36 characters), so that no megabyte is tokenised to be refused.
const MOST_CHARACTERS = 10_000;

// CLIP's own pattern. It ignores case there; here the text is in lower case already, which leaves the long s. U+0345
// is left out as it is there: the sign is a letter to whoever ignores case, and none to whoever asks for letters.
const WORDS = String.raw`<\|startoftext\|>|<\|endoftext\|>|'[sſ]|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}\u0345]+`;

/**
 * CLIP's tokenizer (byte-pair encoding on lower-case words).
 *
 * @param merges pairs of tokens in order of rank, one a line: `public/tokenizer/clip-merges.txt`.
 * @throws AppError `PACK_INVALID` if that is not what it is.
 */
export function createTokenizer(merges: string): ClipTokenizer {
  const pairs = parseMerges(merges);
  const vocabulary = makeVocabulary(pairs);
  const startId = vocabulary.size - 2;
  const endId = vocabulary.size - 1;
  const special = [START, END].map((content, i) => ({ id: startId + i, content, special: true }));
  const tokenizer = new Tokenizer(
    {
      version: '1.0',
      added_tokens: special,
      normalizer: null,
      pre_tokenizer: {
        type: 'Sequence',
        pretokenizers: [
          { type: 'Split', pattern: { Regex: WORDS }, behavior: 'Removed', invert: true },
          { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
        ],
      },
      post_processor: null,
      decoder: { type: 'ByteLevel' },
      model: { type: 'BPE', vocab: Object.fromEntries(vocabulary), merges: pairs, unk_token: END, end_of_word_suffix: WORD_END },
    },
    {},
  );

  const encode = (text: string): number[] => {
    const cleaned = cleanText(text.slice(0, MOST_CHARACTERS + 1));
    const ids = [startId, ...tokenizer.encode(cleaned, { add_special_tokens: false }).ids, endId];
    if (ids.length > CONTEXT_LENGTH || text.length > MOST_CHARACTERS)
      throw new AppError('TEXT_TOO_LONG', `The text makes ${ids.length} tokens, ${CONTEXT_LENGTH} fit.`, {
        tokens: ids.length,
        most: CONTEXT_LENGTH,
        text: text.slice(0, 80),
      });
    return ids;
  };
  const decode = (ids: readonly number[]): string => {
    const words = ids.filter((id) => id < startId);
    return words.length === 0 ? '' : tokenizer.decode(words, { clean_up_tokenization_spaces: false }).trim();
  };
  return { vocabulary: vocabulary.size, startId, endId, encode, decode };
}

function parseMerges(text: string): [string, string][] {
  return text
    .trimEnd()
    .split('\n')
    .map((line, row) => {
      const [first, second, rest] = line.split(' ');
      if (!first || !second || rest !== undefined)
        throw new AppError('PACK_INVALID', `Line ${row + 1} of the tokenizer's merges is not a pair.`, { line: row + 1 });
      return [first, second];
    });
}

/** Ids in CLIP's order: the bytes, the bytes that end a word, each merge, start and end. */
function makeVocabulary(pairs: readonly (readonly [string, string])[]): Map<string, number> {
  const bytes = byteCharacters();
  const tokens = [
    ...bytes,
    ...bytes.map((char) => char + WORD_END),
    ...pairs.map(([first, second]) => first + second),
    START,
    END,
  ];
  return new Map(tokens.map((token, id) => [token, id]));
}

/** A printable character for each byte, in CLIP's order: those that are printable in Latin-1, then the others from U+0100 on. */
function byteCharacters(): string[] {
  const isPrintable = (byte: number) => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  const printable = Array.from({ length: 256 }, (_, byte) => byte).filter(isPrintable);
  const others = Array.from({ length: 256 - printable.length }, (_, i) => 0x100 + i);
  return [...printable, ...others].map((code) => String.fromCharCode(code));
}
