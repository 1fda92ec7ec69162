import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FOLDERS, readExpected, REFERENCE_IS_THERE } from '../graph/testing/reference.js';
import { CONTEXT_WORDS, POSITION_WORDS, tokenisePrompt } from '../ppad/prompt.js';
import { bfloat16ToFloat32, float16ToFloat32, float32ToBfloat16, float32ToFloat16 } from '../torch/half.js';
import { findTokens, readClassWords } from './class-words.js';
import { createTokenizer } from './tokenizer.js';

const width = 8;
const count = 40;
const values = Float32Array.from({ length: width * count }, (_, i) => Math.sin(1 + 12.9898 * i) * 0.03);
const wanted = [17, 3, 39, 3];
const rows = Float32Array.from(wanted.flatMap((id) => [...values.subarray(id * width, (id + 1) * width)]));
const AS = {
  float32: (all: Float32Array) => all.slice(),
  float16: (all: Float32Array) => float16ToFloat32(float32ToFloat16(all)),
  bfloat16: (all: Float32Array) => bfloat16ToFloat32(float32ToBfloat16(all)),
};
const TYPES = ['float32', 'float16', 'bfloat16'] as const;

describe('rows of a token table', () => {
  it.each(TYPES.flatMap((dtype) => TYPES.map((stored) => [dtype, stored] as const)))(
    'saved as %s are found in a table of %s, and no others',
    (dtype, stored) => {
      const table = { width, dtype: stored, values: AS[stored](values) };
      expect(findTokens({ dtype, values: AS[dtype](rows) }, table)).toEqual(wanted);
      const changed = AS[dtype](rows);
      changed[width + 2]! *= 1.02;
      expect(findTokens({ dtype, values: AS[dtype](changed) }, table)).toEqual([17, undefined, 39, 3]);
    },
  );
});

describe('class words behind token_suffix', () => {
  const tokenizer = createTokenizer(readFileSync(new URL('../../../public/tokenizer/clip-merges.txt', import.meta.url), 'utf8'));
  /** What the reference cuts off a prompt: all behind the start token and as many tokens as the context has. */
  const suffixOf = (ids: readonly number[]): number[] => Array.from({ length: 60 }, (_, i) => ids[1 + CONTEXT_WORDS + i] ?? 0);

  // The checkpoint holds the suffix of the position that training saw last, which may be any.
  it.each(POSITION_WORDS)('are found whichever position was seen last: "%s"', (position) => {
    const idsOf = (words: string) => tokenisePrompt((text) => tokenizer.encode(text), position, words).ids;
    for (const words of ['normal', 'pneumonia', 'pleural effusion', 'Enlarged_Cardiomediastinum'])
      expect(readClassWords(suffixOf(idsOf(words)), tokenizer)).toBe(words.toLowerCase().replace('_', ' '));
    // Tokens do not tell blanks around signs: other words, the same tokens.
    const found = readClassWords(suffixOf(idsOf('covid-19')), tokenizer);
    expect(idsOf(found ?? '')).toEqual(idsOf('covid-19'));
  });

  it.skipIf(!REFERENCE_IS_THERE)(
    "are found in the reference's own tokens, at every position (skipped without ../shared/reference)",
    () => {
      for (const { positions, classes, token_ids: ids } of FOLDERS.map(readExpected))
        for (const position of positions)
          expect(ids[position]!.map((prompt) => readClassWords(suffixOf(prompt), tokenizer))).toEqual(classes);
    },
  );

  it('are none where a row is unknown, the end is missing, or nothing but the context is there', () => {
    const { ids } = tokenisePrompt((text) => tokenizer.encode(text), '', 'normal');
    const suffix = suffixOf(ids);
    expect(readClassWords([undefined, ...suffix.slice(1)], tokenizer)).toBeUndefined();
    expect(
      readClassWords(
        suffix.filter((id) => id !== tokenizer.endId),
        tokenizer,
      ),
    ).toBeUndefined();
    expect(readClassWords([tokenizer.endId], tokenizer)).toBeUndefined();
    const standIn = tokenizer.encode('X')[1]!;
    expect(readClassWords([standIn, standIn, tokenizer.endId], tokenizer)).toBeUndefined();
  });
});
