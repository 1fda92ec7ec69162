import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSafetensors, writeSafetensors } from '../torch/safetensors.js';
import { byteSource } from '../torch/tensor.js';
import { createChestChecker } from './chest-check.js';
import { parseChestCheck } from './chest-check-file.js';

interface Golden {
  readonly width: number;
  readonly cases: readonly { readonly summary: readonly number[]; readonly value: number; readonly likeliest: string }[];
}

const file = (name: string): Buffer => readFileSync(new URL(`./fixtures/${name}`, import.meta.url));
const golden = JSON.parse(file('golden.json').toString()) as Golden;
const bytes = new Uint8Array(file('chest-check.safetensors'));
const pack = { architecture: { width: golden.width } };

type Tensors = Map<string, { dims: readonly number[]; data: Float32Array }>;

/** The file with one tensor changed, or left away. */
async function altered(change: (tensors: Tensors) => void): Promise<Uint8Array> {
  const tensors: Tensors = new Map();
  for (const [key, tensor] of (await readSafetensors(byteSource(bytes))).tensors)
    tensors.set(key, { dims: tensor.dims, data: await tensor.read() });
  change(tensors);
  return writeSafetensors(tensors);
}

describe('the chest check', () => {
  it('says what PyTorch says, of summaries near and far', async () => {
    const check = createChestChecker(await parseChestCheck(bytes, pack));
    for (const { summary, value } of golden.cases) expect(check(Float32Array.from(summary), 0.5).value).toBeCloseTo(value, 4);
  });

  it('flags above its threshold alone, and then says what the picture may be', async () => {
    const check = createChestChecker(await parseChestCheck(bytes, pack));
    for (const { summary, value, likeliest } of golden.cases) {
      const at = (threshold: number) => check(Float32Array.from(summary), threshold);
      expect(at(1)).toMatchObject({ flagged: false, reason: null });
      const { flagged, reason } = at(value - 1e-3);
      expect(flagged).toBe(true);
      // By the remainder alone there is no name for it; else the likeliest of those that are no film.
      if (likeliest !== 'film' && likeliest !== 'other') expect([likeliest, 'unfamiliar']).toContain(reason);
      else expect(reason).not.toBeNull();
    }
    expect(
      new Set(golden.cases.map(({ summary, value }) => check(Float32Array.from(summary), value - 1e-3).reason)).size,
    ).toBeGreaterThan(1);
  });

  it('flags what is no number', async () => {
    const check = createChestChecker(await parseChestCheck(bytes, pack));
    const nowhere = Float32Array.from(golden.cases[0]!.summary, () => NaN);
    expect(check(nowhere, 0.5).flagged).toBe(true);
  });
});

describe('the file of a chest check', () => {
  it.each([
    ['of another tower', undefined, { architecture: { width: 3 } }, 'mean'],
    ['without its network', (t: Tensors) => t.delete('w2'), pack, 'w2'],
    ['with a shape of its own', (t: Tensors) => t.set('b1', { dims: [2], data: new Float32Array(2) }), pack, 'b1'],
    ['with an infinite number', (t: Tensors) => t.get('whiten')!.data.fill(Infinity), pack, 'whiten'],
    ['with nothing left over of any film', (t: Tensors) => t.get('rest')!.data.fill(0), pack, 'rest'],
    [
      'with a thousand directions',
      (t: Tensors) => t.set('basis', { dims: [1, 1000], data: new Float32Array(1000) }),
      pack,
      'basis',
    ],
  ] as const)('%s is refused by the name of the tensor', async (_, change, manifest, key) => {
    const changed = change ? await altered((tensors) => void change(tensors)) : bytes;
    await expect(parseChestCheck(changed, manifest)).rejects.toMatchObject({ code: 'PACK_INVALID', detail: { key } });
  });

  it('cut short is refused, wherever', async () => {
    for (let length = 0; length < bytes.length; length += 97)
      await expect(parseChestCheck(bytes.subarray(0, length), pack)).rejects.toMatchObject({ code: 'PACK_INVALID' });
  });
});
