import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { nativeRuntime } from '../cli/ports/ort-runtime.js';
import { makeCheckpoint, makePrompts } from '../cli/testing/fixture-checkpoint.js';
import { openCheckpoint } from '../core/torch/open-checkpoint.js';
import { writeSafetensors } from '../core/torch/safetensors.js';
import { byteSource } from '../core/torch/tensor.js';
import { importCheckpoint, type ImportRequest } from './import-checkpoint.js';
import { MemorySink } from './memory-sink.js';
import { memorySource } from './memory-source.js';

const merges = readFileSync(new URL('../../public/tokenizer/clip-merges.txt', import.meta.url), 'utf8');
const fileOf = (bytes: Uint8Array, name: string) => ({ name, source: byteSource(bytes) });

async function imported(request: ImportRequest) {
  const sink = new MemorySink();
  const ports = { runtime: nativeRuntime(1), sink, merges: () => Promise.resolve(merges) };
  const { manifest, sha256 } = await importCheckpoint(request, ports);
  return { manifest, sha256, files: sink.files };
}

let clip: Uint8Array;
let prompts: Uint8Array;
beforeAll(async () => {
  clip = await makeCheckpoint();
  prompts = await makePrompts(clip);
});

/** The prompts with a tensor changed. */
async function promptsWith(key: string, change: (data: Float32Array) => void): Promise<Uint8Array> {
  const { tensors } = await openCheckpoint(byteSource(prompts));
  const all = new Map<string, { dims: readonly number[]; data: Float32Array }>();
  for (const [name, tensor] of tensors) all.set(name, { dims: tensor.dims, data: await tensor.read() });
  change(all.get(key)!.data);
  return writeSafetensors(all);
}

describe("PPAD's prompts alone, over the pack of a CLIP that was imported before", () => {
  it.each(['float32', 'float16'] as const)('make the pack that both files make together (%s)', async (storage) => {
    const checkpoint = fileOf(clip, 'clip.safetensors');
    const backbone = await imported({ checkpoint, storage, keepText: true });
    expect(backbone.manifest.prompting).toBe('zero-shot');
    const together = await imported({ checkpoint, prompts: fileOf(prompts, 'prompts.safetensors'), storage });
    const over = await imported({
      checkpoint: fileOf(prompts, 'prompts.safetensors'),
      backbone: memorySource(backbone.files),
    });
    for (const file of ['vision.bin', 'vision.onnx']) expect(over.files.get(file)).toEqual(together.files.get(file));
    // A pack's token table is rounded to its storage; a checkpoint's is read as it is.
    const [most, least] = storage === 'float32' ? [1e-5, -1] : [0.1, 0];
    const logits = together.manifest.golden.logits.flat();
    const off = over.manifest.golden.logits.flat().map((value, i) => Math.abs(value - logits[i]!));
    expect(Math.max(...off)).toBeLessThan(most);
    expect(Math.max(...off)).toBeGreaterThan(least);
    // Words of prompts in float32 are found in a table of float16 all the same.
    expect(over.manifest.classes).toEqual(['normal', 'effusion']);
    expect(over.manifest).toMatchObject({
      prompting: 'learned',
      rule: { kind: 'ppad' },
      origin: { kind: 'ppad-prompts', file: 'prompts.safetensors', backbone: { name: 'clip', sha256: backbone.sha256 } },
    });
  });

  it('are declined over another CLIP of the same widths, by the row that is not in its table', async () => {
    const other = await imported({ checkpoint: fileOf(await makeCheckpoint(6), 'other.safetensors'), keepText: true });
    const request = { checkpoint: fileOf(prompts, 'prompts.safetensors'), backbone: memorySource(other.files) };
    await expect(imported(request)).rejects.toMatchObject({
      code: 'BACKBONE_MISMATCH',
      detail: { key: 'prompt_learner_ctx.token_prefix', row: 0 },
    });
    const suffix = await promptsWith('prompt_learner_ctx.token_suffix', (data) => (data[64 * 3 + 1]! += 0.5));
    const own = { checkpoint: fileOf(clip, 'clip.safetensors'), prompts: fileOf(suffix, 'suffix.safetensors') };
    await expect(imported(own)).rejects.toMatchObject({
      code: 'BACKBONE_MISMATCH',
      detail: { key: 'prompt_learner_ctx.token_suffix', row: 3 },
    });
  });

  it('ask for a pack that was imported with its text tower', async () => {
    const bare = await imported({ checkpoint: fileOf(clip, 'clip.safetensors') });
    const request = { checkpoint: fileOf(prompts, 'prompts.safetensors'), backbone: memorySource(bare.files) };
    await expect(imported(request)).rejects.toMatchObject({ code: 'BACKBONE_NEEDED', detail: { pack: 'clip' } });
  });
});
