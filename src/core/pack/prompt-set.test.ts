import { describe, expect, it } from 'vitest';
import { sha256, startSha256 } from './hash.js';
import { parsePromptSet, writePromptSet, type PromptSet } from './prompt-set.js';

const architecture = { grid: [2, 2] as [number, number], width: 3, embed: 4 };
const tensor = (...dims: number[]) => ({
  dims,
  data: Float32Array.from({ length: dims.reduce((product, size) => product * size) }, (_, i) => i / 7),
});
const promptSet: PromptSet = { maskEmbedding: tensor(1, 4, 3), textFeatures: tensor(5, 2, 4), context: tensor(16, 8) };

describe('prompt sets', () => {
  it('come back as they were written, with or without a context', async () => {
    expect(await parsePromptSet(writePromptSet(promptSet), { architecture })).toEqual(promptSet);
    const bare = { ...promptSet, context: undefined };
    expect(await parsePromptSet(writePromptSet(bare), { architecture })).toEqual(bare);
  });

  it.each([
    ['of another width', { ...promptSet, maskEmbedding: tensor(1, 4, 2) }, 'mask_embedding'],
    ['of another grid', { ...promptSet, maskEmbedding: tensor(1, 9, 3) }, 'mask_embedding'],
    ['of another embedding', { ...promptSet, textFeatures: tensor(5, 2, 3) }, 'text_features'],
    ['with an infinite number', { ...promptSet, context: { dims: [1, 1], data: Float32Array.of(Infinity) } }, 'ctx'],
  ])('%s: refused by name', async (_, set, key) => {
    await expect(parsePromptSet(writePromptSet(set), { architecture })).rejects.toMatchObject({
      code: 'PACK_INVALID',
      detail: { key },
    });
  });

  it('that are other files: refused', async () => {
    await expect(parsePromptSet(new Uint8Array(20), { architecture })).rejects.toMatchObject({ code: 'PACK_INVALID' });
  });
});

describe('hashes', () => {
  it('are those of the standard, in one piece or many', () => {
    const abc = new TextEncoder().encode('abc');
    const expected = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(sha256(abc)).toBe(expected);
    const running = startSha256();
    for (const byte of abc) running.update(Uint8Array.of(byte));
    expect(running.hex()).toBe(expected);
  });
});
