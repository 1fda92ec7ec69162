import { describe, expect, it } from 'vitest';
import { nativeRuntime } from '../cli/ports/ort-runtime.js';
import { draw, tinyClip } from '../core/graph/testing/tiny-clip.js';
import { embedPrompts } from '../core/ppad/text-inputs.js';
import { writeSafetensors } from '../core/torch/safetensors.js';
import { tensorOf } from '../core/torch/tensor.js';
import { buildPack } from './build-pack.js';
import type { PackMeta } from './write-pack.js';
import { loadPack } from './load-pack.js';
import { textOfPack } from './pack-towers.js';
import { openModel } from './model.js';
import type { PackSource } from './ports.js';

const meta: PackMeta = {
  name: 'tiny',
  packVersion: '0.0.1',
  title: 'Random weights',
  stage: 'fixture',
  classes: ['normal', 'abnormal'],
  rule: { kind: 'ppad', maxAbove: 0.8 },
  threshold: { value: 0.5, how: 'By nobody: the weights are random.' },
  licence: 'MIT',
  trainingData: [],
  metrics: [],
};

function parts() {
  const unit = draw('text_features', [5, 2, 32]);
  const prompts = new Map([
    ['mask_embedding', tensorOf([1, 16, 64], draw('mask_embedding', [1, 16, 64]))],
    ['text_features', tensorOf([5, 2, 32], unit)],
    ['logit_scale', tensorOf([1], Float32Array.of(Math.log(8)))],
  ]);
  return { clip: tinyClip('stem'), prompts, meta, card: new TextEncoder().encode('# A card\n') };
}

/** A check of random numbers for a tower of width 64. */
function chestCheck(): Uint8Array {
  const [summary, directions, hidden] = [18 * 64, 4, 3];
  const shapes: Record<string, number[]> = {
    mean: [summary],
    rescale: [summary],
    basis: [summary, directions],
    whiten: [directions],
    rest: [1],
    unlike: [2],
    w1: [directions + 1, hidden],
    b1: [hidden],
    w2: [hidden, 5],
    b2: [5],
  };
  return writeSafetensors(
    new Map(
      Object.entries(shapes).map(([key, dims]) => [key, { dims, data: draw(key, dims).map((value) => Math.abs(value) + 0.1) }]),
    ),
  );
}

/** A pack's files as they would lie in a folder. */
function sourceOf(files: ReadonlyMap<string, Uint8Array>): PackSource {
  return {
    manifest: () => Promise.resolve(files.get('manifest.json')!),
    open: (path, offset) =>
      Promise.resolve({
        start: offset,
        chunks: (async function* () {
          yield await Promise.resolve(files.get(path)!.subarray(offset));
        })(),
      }),
  };
}

describe('a built pack', () => {
  it('loads by its hashes and reproduces its golden vector', async () => {
    const { files, manifest } = await buildPack(parts(), nativeRuntime(1));
    expect([...files.keys()].sort()).toEqual([
      'MODEL_CARD.md',
      'golden.gray',
      'manifest.json',
      'prompts.safetensors',
      'vision.bin',
      'vision.onnx',
    ]);
    expect(manifest).toMatchObject({ architecture: { side: 32, channels: 1, stem: 'stem' }, preprocessing: { steps: [32] } });
    expect(manifest.logitScale).toBeCloseTo(8, 5);
    const pack = await loadPack(sourceOf(files), undefined);
    const model = await openModel(nativeRuntime(1), pack);
    const { logits } = await model.infer(pack.golden);
    logits.flat().forEach((value, i) => expect(value).toBeCloseTo(manifest.golden.logits.flat()[i]!, 5));
    // The positions differ, or the masks would do nothing.
    expect(new Set(logits.map(([normal]) => normal.toFixed(4))).size).toBe(5);
    await model.release();
  });

  it('with a chest check says of every film whether it is one, and asks for the text tower only when new words do', async () => {
    const check = chestCheck();
    const built = await buildPack(
      {
        ...parts(),
        meta: { ...meta, chestCheck: { threshold: 0.6, how: 'By nobody.', numbers: [] } },
        chestCheck: check,
        tokens: new TextEncoder().encode(JSON.stringify({ ids: Array.from({ length: 40 }, (_, i) => 1000 + 3 * i) })),
      },
      nativeRuntime(1),
    );
    const { files, manifest } = built;
    expect(manifest.textTower).toMatchObject({ width: 64, layers: 2, vocabulary: 40 });
    const asked: string[] = [];
    const source = sourceOf(files);
    const pack = await loadPack(
      {
        ...source,
        open: (path, offset, signal) => {
          asked.push(path);
          return source.open(path, offset, signal);
        },
      },
      undefined,
    );
    expect(asked.sort()).toEqual(['chest-check.safetensors', 'golden.gray', 'prompts.safetensors', 'vision.bin', 'vision.onnx']);
    const model = await openModel(nativeRuntime(1), pack);
    const { chestCheck: found } = await model.infer(pack.golden);
    expect(found).toMatchObject({ threshold: 0.6, flagged: found!.value > 0.6 });
    await model.release();

    const { rows, values } = await textOfPack(manifest, { source }).table();
    expect(values).toHaveLength(40 * 64);
    expect(rows?.get(1003)).toBe(1);
    expect(() =>
      embedPrompts([{ ids: [1000, 1001], contextStart: undefined }], { width: 64, values, rows: rows! }, undefined),
    ).toThrow(expect.objectContaining({ code: 'CHECKPOINT_INVALID' }));
  });

  it('is the same, byte for byte, each time', async () => {
    const [first, second] = [await buildPack(parts(), nativeRuntime(1)), await buildPack(parts(), nativeRuntime(1))];
    expect(second.files).toEqual(first.files);
  });

  it('is not built of a prompt set for another tower, or of meta data that nobody could read', async () => {
    const other = parts();
    other.prompts.set('mask_embedding', tensorOf([1, 4, 64], new Float32Array(256)));
    await expect(buildPack(other, nativeRuntime(1))).rejects.toMatchObject({
      code: 'PACK_INVALID',
      detail: { key: 'mask_embedding' },
    });
    const unnamed = { ...parts(), meta: { ...meta, name: 'No Name' } };
    await expect(buildPack(unnamed, nativeRuntime(1))).rejects.toMatchObject({ code: 'PACK_INVALID', detail: { field: 'name' } });
  });
});
