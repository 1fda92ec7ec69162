import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CONTEXT_LENGTH, createTokenizer } from './tokenizer.js';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const merges = readFileSync(at('../../../public/tokenizer/clip-merges.txt'), 'utf8');
const tokenizer = createTokenizer(merges);
const golden = JSON.parse(readFileSync(at('./fixtures/tokens.json'), 'utf8')) as { text: string; ids: number[] }[];

describe("CLIP's tokenizer", () => {
  it('has the vocabulary of CLIP', () => {
    expect(tokenizer).toMatchObject({ vocabulary: 49_408, startId: 49_406, endId: 49_407 });
  });

  it.each(golden.filter(({ ids }) => ids.length <= CONTEXT_LENGTH))("gives CLIP's ids for $text", ({ text, ids }) => {
    expect(tokenizer.encode(text)).toEqual(ids);
  });

  it.each(golden.filter(({ ids }) => ids.length > CONTEXT_LENGTH))('never cuts: $text', ({ text, ids }) => {
    expect(() => tokenizer.encode(text)).toThrow(
      expect.objectContaining({
        code: 'TEXT_TOO_LONG',
        detail: expect.objectContaining({ tokens: ids.length }) as object,
      }) as Error,
    );
  });

  it('refuses a megabyte at once', () => {
    const begun = performance.now();
    expect(() => tokenizer.encode('<'.repeat(1_000_000))).toThrow(expect.objectContaining({ code: 'TEXT_TOO_LONG' }) as Error);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  it('finds the words again', () => {
    expect(tokenizer.decode(tokenizer.encode('Pleural effusion'))).toBe('pleural effusion');
    expect(tokenizer.decode(tokenizer.encode('Lungenentzündung 🫁'))).toBe('lungenentzündung 🫁');
    expect(tokenizer.decode([tokenizer.startId, tokenizer.endId])).toBe('');
  });

  it('takes a smaller vocabulary: its special tokens follow its merges', () => {
    const small = createTokenizer(merges.split('\n').slice(0, 100).join('\n'));
    expect(small.vocabulary).toBe(512 + 100 + 2);
    expect(small.encode('in')).toEqual([612, small.encode('in')[1], 613]);
  });

  it.each(['a b c\n', 'ab\n', 'a b\n\nc d\n'])('refuses merges that are none: %j', (text) => {
    expect(() => createTokenizer(text)).toThrow(expect.objectContaining({ code: 'PACK_INVALID' }) as Error);
  });
});

const SHARED = at('../../../../shared/reference/');

describe.skipIf(!existsSync(SHARED))("the reference's prompts (skipped where ../shared/reference is absent)", () => {
  it.each(['patch32', 'patch16-half', 'patch14-mixed'])('%s', (folder) => {
    const expected = JSON.parse(readFileSync(`${SHARED}${folder}/expected.json`, 'utf8')) as {
      classes: string[];
      positions: string[];
      token_ids: Record<string, number[][]>;
      zero_shot: { words: string[]; token_ids: number[][] };
    };
    for (const position of expected.positions) {
      const ids = expected.classes.map((name) => tokenizer.encode(`${position} ${'X '.repeat(16)}${name}.`));
      expect(ids).toEqual(expected.token_ids[position]);
    }
    expect(expected.zero_shot.words.map((word) => tokenizer.encode(word))).toEqual(expected.zero_shot.token_ids);
  });
});
