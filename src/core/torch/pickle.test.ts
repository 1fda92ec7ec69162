import { describe, expect, it } from 'vitest';
import { AppError } from '../errors.js';
import { readPickle } from './pickle.js';
import { pickle } from './testing/archive.js';

function read(...parts: readonly (string | number | Uint8Array)[]) {
  return readPickle(pickle(0x80, 2, ...parts)).value;
}

function failure(bytes: Uint8Array): AppError {
  try {
    readPickle(bytes);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('The pickle was read.');
}

const repeat = (count: number, ...bytes: number[]) =>
  Uint8Array.from({ length: count * bytes.length }, (_, i) => bytes[i % bytes.length]!);

describe('pickle as data', () => {
  it('reads numbers of every width', () => {
    expect(read('K', 255, '.')).toBe(255);
    expect(read('M', 1, 2, '.')).toBe(513);
    expect(read('J', 0xfe, 0xff, 0xff, 0xff, '.')).toBe(-2);
    expect(read(0x8a, 0, '.')).toBe(0);
    expect(read(0x8a, 2, 0, 0x80, '.')).toBe(-32768);
    expect(read(0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1, '.')).toBe(2n ** 64n);
    expect(read('G', 0x3f, 0xe0, 0, 0, 0, 0, 0, 0, '.')).toBe(0.5);
  });

  it('reads text, bytes, lists, tuples and dictionaries', () => {
    expect(read('X', 3, 0, 0, 0, 'abc', '.')).toBe('abc');
    expect(read(0x8c, 2, 0xc3, 0xa9, '.')).toBe('é');
    expect(read('U', 1, 0xe9, '.')).toBe('é');
    expect(read('C', 2, 7, 8, '.')).toEqual(Uint8Array.of(7, 8));
    expect(read('](K', 1, 'K', 2, 'e.')).toEqual([1, 2]);
    expect(read('K', 1, 'K', 2, 0x86, '.')).toEqual([1, 2]);
    expect(read('}(U', 1, 'a', 'NU', 1, 'b', 0x88, 'u.')).toEqual(
      new Map<string, unknown>([
        ['a', null],
        ['b', true],
      ]),
    );
    expect(read(0x8f, '(K', 1, 0x90, '.')).toEqual([1]);
  });

  it('shares what the memo shares', () => {
    const value = read('}q', 0, '](h', 0, 'h', 0, 'e.') as unknown[];
    expect(value[0]).toBe(value[1]);
  });

  it('stops where the pickle stops', () => {
    expect(readPickle(pickle(0x80, 2, 'N.', 'rest')).length).toBe(4);
  });

  it('reads STACK_GLOBAL, MEMOIZE and frames of protocols 4 and 5', () => {
    const frame = pickle(0x95, 7, 0, 0, 0, 0, 0, 0, 0);
    expect(readPickle(pickle(0x80, 5, frame, 0x8c, 1, 'a', 0x94, '0h', 0, '.')).value).toBe('a');
    const dict = pickle(0x80, 4, 0x8c, 11, 'collections', 0x8c, 11, 'OrderedDict', 0x93, ')R.');
    expect(readPickle(dict).value).toEqual(new Map());
  });
});

describe('pickles that are refused', () => {
  it.each([
    ['GLOBAL', pickle(0x80, 2, 'cos\nsystem\n.')],
    ['STACK_GLOBAL', pickle(0x80, 4, 0x8c, 2, 'os', 0x8c, 6, 'system', 0x93, '.')],
  ])('%s outside the list', (_, bytes) => {
    expect(failure(bytes)).toMatchObject({ code: 'CHECKPOINT_FORBIDDEN', detail: { global: 'os.system' } });
  });

  it('does not let two names slide into one', () => {
    // "torch" + "_utils._rebuild_tensor_v2" is not "torch._utils" + "_rebuild_tensor_v2".
    expect(failure(pickle(0x80, 2, 'ctorch\n_utils._rebuild_tensor_v2\n.')).code).toBe('CHECKPOINT_FORBIDDEN');
  });

  it('shows a name without its control characters', () => {
    expect(failure(pickle(0x80, 2, 'ca\rb\nc\x1b[2J\n.')).detail['global']).toBe('a?b.c?[2J');
  });

  it.each([
    ['an unknown step', [0x80, 2, 0xff], /unknown step 0xff/],
    ['an empty stack', [0x80, 2, '.'], /empty stack/],
    ['a mark that shields the stack', [0x80, 2, 'K', 1, '(0'], /empty stack/],
    ['no mark', [0x80, 2, 't'], /no mark/],
    ['an unknown memo entry', [0x80, 2, 'h', 9], /entry 9/],
    ['a list that is none', [0x80, 2, 'NNa'], /not a list/],
    ['a key without a value', [0x80, 2, '}(Nu.'], /without a value/],
    ['a key that is a list', [0x80, 2, '}]Ns.'], /neither text nor number/],
    ['text beyond the end', [0x80, 2, 'X', 255, 255, 0, 0, 'a'], /ends early/],
    ['text beyond the limit', [0x80, 2, 'X', 255, 255, 255, 255, 'a'], /a text of 4294967295 bytes/],
    ['text that is not UTF-8', [0x80, 2, 0x8c, 1, 0xff, '.'], /not UTF-8/],
    ['an endless integer', [0x80, 2, 0x8b, 255, 255, 255, 127], /integer of/],
    ['a call of a number', [0x80, 2, 'K', 1, ')R.'], /not a name/],
    ['arguments that do not fit', [0x80, 2, 'ctorch._utils\n_rebuild_tensor_v2\n)R.'], /_rebuild_tensor_v2 with arguments/],
    ['a rebuild that rebuilds itself', [0x80, 2, 'ctorch._tensor\n_rebuild_from_type_v2\nq', 0, '(h', 0, 'N)NtR.'], /arguments/],
    ['keywords', [0x80, 4, 'ccollections\nOrderedDict\n)}(U', 1, 'aNu', 0x92, '.'], /keywords/],
    ['attributes of a number', [0x80, 2, 'K', 1, '}b.'], /attributes/],
    ['a persistent id that is no storage', [0x80, 2, 'U', 3, 'abcQ.'], /persistent id/],
    ['a frame beyond the end', [0x80, 4, 0x95, 255, 255, 0, 0, 0, 0, 0, 0, 'N.'], /ends early/],
    ['a frame beyond any file', [0x80, 4, 0x95, 255, 255, 255, 255, 255, 255, 255, 255, 'N.'], /size of/],
  ] as const)('%s', (_, parts, message) => {
    const error = failure(pickle(...parts));
    expect(error.code).toBe('CHECKPOINT_INVALID');
    expect(error.message).toMatch(message);
    expect(error.detail['offset']).toBeGreaterThan(0);
  });

  it('names a later protocol', () => {
    expect(failure(pickle(0x80, 6, 'N.'))).toMatchObject({ code: 'CHECKPOINT_UNSUPPORTED', detail: { protocol: 6 } });
  });

  it.each([
    ['marks', pickle(0x80, 2, repeat(5_000, 0x28)), /nests deeper/],
    ['a stack without end', pickle(0x80, 2, repeat(400_000, 0x4e)), /stacks too much/],
    ['steps without end', pickle(0x80, 2, repeat(2_000_000, 0x4e, 0x30)), /steps/],
    ['dictionaries without end', pickle(0x80, 2, repeat(400_000, 0x7d, 0x30)), /steps/],
    // A list of 4,000 pairs made into a dictionary again and again: a step each, but 4,000 copies.
    [
      'copies without end',
      pickle(
        0x80,
        2,
        'ccollections\nOrderedDict\nq',
        0,
        '0](',
        repeat(4_000, 0x55, 1, 0x61, 0x4e, 0x86),
        'e',
        0x85,
        'q',
        1,
        '0',
        repeat(100_000, 0x68, 0, 0x68, 1, 0x52, 0x30),
      ),
      /steps/,
    ],
  ])('bounds %s in time', (_, bytes, message) => {
    const begun = performance.now();
    expect(failure(bytes).message).toMatch(message);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});
