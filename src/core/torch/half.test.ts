import { describe, expect, it } from 'vitest';
import {
  bfloat16Bits,
  bfloat16ToFloat32,
  decodeElements,
  float16Bits,
  float16ToFloat32,
  float32ToBfloat16,
  float32ToFloat16,
} from './half.js';

describe('float16', () => {
  it('comes back with the same bits, all 65536 of them', () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const values = float16ToFloat32(bits);
    const back = float32ToFloat16(values);
    const wrong = bits.filter((expected, i) => (Number.isNaN(values[i]) ? (back[i]! & 0x7e00) !== 0x7e00 : back[i] !== expected));
    expect([...wrong]).toEqual([]);
  });

  it('rounds what lies halfway between two halves to the even one, and all else to the nearer', () => {
    const values = float16ToFloat32(Uint16Array.from({ length: 0x7c00 }, (_, i) => i));
    const wrong: number[] = [];
    for (let i = 0; i + 1 < values.length; i++) {
      const middle = (values[i]! + values[i + 1]!) / 2;
      const step = (values[i + 1]! - values[i]!) / 1000;
      const rounded = [float16Bits(middle), float16Bits(middle - step), float16Bits(-middle - step)];
      const expected = [i % 2 === 0 ? i : i + 1, i, 0x8000 | (i + 1)];
      if (rounded.some((bits, j) => bits !== expected[j])) wrong.push(i);
    }
    expect(wrong).toEqual([]);
  });

  it.each([
    [65504, 0x7bff],
    [65519.99, 0x7bff],
    [65520, 0x7c00],
    [-1e30, 0xfc00],
    [Infinity, 0x7c00],
    [-0, 0x8000],
    [2 ** -25, 0],
    [2 ** -24, 1],
    [1e-40, 0],
  ])('%d is 0x%s', (value, bits) => {
    expect(float16Bits(value)).toBe(bits);
  });

  it('keeps what is not a number', () => {
    expect(float16ToFloat32(float32ToFloat16(Float32Array.of(NaN)))[0]).toBeNaN();
  });
});

describe('bfloat16', () => {
  it('comes back with the same bits', () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const back = float32ToBfloat16(bfloat16ToFloat32(bits));
    // Signalling NaNs come back quiet.
    expect([...bits.filter((expected, i) => (back[i]! | 0x40) !== (expected | 0x40))]).toEqual([]);
  });

  it('rounds to nearest even', () => {
    expect(bfloat16Bits(1 + 2 ** -8)).toBe(0x3f80);
    expect(bfloat16Bits(1 + 3 * 2 ** -8)).toBe(0x3f82);
    expect(bfloat16Bits(1 + 2 ** -8 + 2 ** -20)).toBe(0x3f81);
  });
});

describe('elements', () => {
  it.each([
    ['float32', new Uint8Array(Float32Array.of(1.5, -2).buffer)],
    ['float16', new Uint8Array(Uint16Array.of(0x3e00, 0xc000).buffer)],
    ['bfloat16', new Uint8Array(Uint16Array.of(0x3fc0, 0xc000).buffer)],
  ] as const)('of %s become float32, wherever they lie', (dtype, bytes) => {
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    expect([...decodeElements(dtype, shifted.subarray(1))]).toEqual([1.5, -2]);
  });

  it.each([
    ['int32', new Uint8Array(Int32Array.of(7, -9).buffer)],
    ['int64', new Uint8Array(BigInt64Array.of(7n, -9n).buffer)],
  ] as const)('of %s become float32', (dtype, bytes) => {
    expect([...decodeElements(dtype, bytes)]).toEqual([7, -9]);
  });
});
