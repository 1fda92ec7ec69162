import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import wabt from 'wabt';
import { KERNELS_BINARY } from './kernels-binary.js';
import { startKernels } from './kernels.js';

it('the binary is what the text says', async () => {
  const assembler = await wabt();
  const module = assembler.parseWat('kernels.wat', readFileSync(new URL('./kernels.wat', import.meta.url), 'utf8'), {
    simd: true,
  });
  module.resolveNames();
  expect(Buffer.from(module.toBinary({}).buffer).toString('base64')).toBe(KERNELS_BINARY);
});

describe('resample', () => {
  it('gives each row times the weights, rounded and clipped, turned over the diagonal', () => {
    const weight = fc.integer({ min: -(1 << 21), max: 1 << 23 });
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 24, maxLength: 24 }), { minLength: 4, maxLength: 4 }),
        fc.array(fc.record({ first: fc.nat(8), weights: fc.array(weight, { minLength: 16, maxLength: 16 }) }), {
          minLength: 1,
          maxLength: 5,
        }),
        (rows, columns) => {
          const kernels = startKernels();
          const memory = kernels.bytes(1);
          const [pixels, first, weights, out] = [0, 128, 256, 1024];
          memory.set(rows.flatMap((row) => [...row]));
          new Int32Array(memory.buffer, first).set(columns.map((column) => column.first));
          new Int16Array(memory.buffer, weights).set(
            columns.flatMap((column) =>
              [column.weights.slice(0, 8), column.weights.slice(8)].flatMap((block) => [
                ...block.map((value) => value >> 11),
                ...block.map((value) => value & 2047),
              ]),
            ),
          );
          kernels.resample(pixels, 24, 4, first, weights, 2, out, 4, columns.length);
          const expected = columns.flatMap((column) =>
            rows.map((row) => {
              const sum = column.weights.reduce(
                (total, value, i) => (total + Math.imul(value, row[column.first + i]!)) | 0,
                1 << 21,
              );
              return Math.min(255, Math.max(0, sum >> 22));
            }),
          );
          expect([...memory.subarray(out, out + 4 * columns.length)]).toEqual(expected);
        },
      ),
    );
  });
});

describe('project', () => {
  it('is the product of a row and a matrix', () => {
    const kernels = startKernels();
    const [count, columns] = [37, 32];
    const { buffer } = kernels.bytes(200_000);
    expect(buffer.byteLength).toBeGreaterThanOrEqual(200_000);
    const values = new Float32Array(buffer, 0, count).map((_, i) => Math.sin(i + 1));
    const matrix = new Float32Array(count * columns).map((_, i) => Math.cos(i));
    new Float32Array(buffer).set(values);
    new Float32Array(buffer, 1024).set(matrix);
    kernels.project(0, count, 1024, columns, 100_000);
    const sums = new Float32Array(buffer, 100_000, columns);
    for (let k = 0; k < columns; k++)
      expect(sums[k]).toBeCloseTo(
        values.reduce((total, value, i) => total + value * matrix[i * columns + k]!, 0),
        4,
      );
  });
});

describe('reds', () => {
  const run = (change: (rgba: Uint8Array) => void): { seen: number; reds: Uint8Array } => {
    const kernels = startKernels();
    const memory = kernels.bytes(1);
    const rgba = memory.subarray(0, 128);
    for (let i = 0; i < 32; i++) rgba.set([i, i, i, 255], 4 * i);
    change(rgba);
    return { seen: kernels.reds(0, 32, 256), reds: memory.slice(256, 288) };
  };

  it('picks each fourth byte', () => {
    const { seen, reds } = run(() => undefined);
    expect(seen).toBe(0);
    expect([...reds]).toEqual(Array.from({ length: 32 }, (_, i) => i));
    expect(run((rgba) => rgba.fill(255)).reds).toEqual(new Uint8Array(32).fill(255));
  });

  it.each(Array.from({ length: 32 }, (_, pixel) => pixel))('sees colour and transparency at pixel %i', (pixel) => {
    const at = (channel: number) => run((rgba) => (rgba[4 * pixel + channel]! ^= 1)).seen;
    expect([at(0), at(1), at(2), at(3)]).toEqual([1, 1, 1, 2]);
  });
});
