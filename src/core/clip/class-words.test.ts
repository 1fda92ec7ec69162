import { describe, expect, it } from 'vitest';
import { bfloat16ToFloat32, float16ToFloat32, float32ToBfloat16, float32ToFloat16 } from '../torch/half.js';
import { findTokens } from './class-words.js';

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
