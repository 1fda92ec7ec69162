import { describe, expect, it } from 'vitest';
import { nativeRuntime } from '../cli/ports/ort-runtime.js';
import { draw, tinyClip } from '../core/graph/testing/tiny-clip.js';
import { tensorOf } from '../core/torch/tensor.js';
import { buildPack } from './build-pack.js';
import type { PackMeta } from './write-pack.js';
import { loadPack } from './load-pack.js';
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
