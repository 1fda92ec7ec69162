import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nativeRuntime } from '../cli/ports/ort-runtime.js';
import { toAppError, type AppError } from '../core/errors.js';
import { REFERENCE, REFERENCE_IS_THERE } from '../core/graph/testing/reference.js';
import { openCheckpoint } from '../core/torch/open-checkpoint.js';
import { writeSafetensors } from '../core/torch/safetensors.js';
import { Outcomes } from '../core/torch/testing/outcomes.js';
import { byteSource } from '../core/torch/tensor.js';
import { importCheckpoint, type ImportRequest, type ImportStep } from './import-checkpoint.js';
import { MemorySink } from './memory-sink.js';
import { FakeRuntime } from './testing/fake-runtime.js';

const SLOW = process.env['PPAD_SLOW'] === '1';
const merges = readFileSync(new URL('../../public/tokenizer/clip-merges.txt', import.meta.url), 'utf8');
const read = (path: string) => new Uint8Array(readFileSync(`${REFERENCE}${path}`));
const fileOf = (bytes: Uint8Array, name = 'checkpoint.pt') => ({ name, source: byteSource(bytes) });

/** Answers each graph with rows of ones as long as it asks for: what a damaged file makes of a real one is not looked at here. */
const anyRuntime = () =>
  new FakeRuntime('native', (feeds) => {
    const rows = (feeds['end'] ?? feeds['patch_mask'])!.dims[0]!;
    return { features: { dims: [rows, 64], data: new Float32Array(rows * 64).fill(0.125) } };
  });

/** Imports into memory; the error, if it fails, after which nothing may be left. */
async function failure(
  request: ImportRequest,
  options: Parameters<typeof importCheckpoint>[2] = {},
): Promise<AppError | undefined> {
  const sink = new MemorySink();
  const runtime = anyRuntime();
  try {
    await importCheckpoint(request, { runtime, sink, merges: () => Promise.resolve(merges) }, options);
    expect(sink.files.has('manifest.json')).toBe(true);
    return undefined;
  } catch (thrown) {
    expect([...sink.files.keys()]).toEqual([]);
    expect(runtime.sessions).toBe(0);
    return toAppError(thrown);
  }
}

/** A checkpoint's tensors as a safetensors file, changed. */
async function asSafetensors(
  bytes: Uint8Array,
  change: (tensors: Map<string, { dims: readonly number[]; data: Float32Array }>) => void,
) {
  const { tensors } = await openCheckpoint(byteSource(bytes));
  const all = new Map<string, { dims: readonly number[]; data: Float32Array }>();
  for (const [key, tensor] of tensors) all.set(key, { dims: tensor.dims, data: await tensor.read() });
  change(all);
  return writeSafetensors(all);
}

const DECLINED = [
  'CHECKPOINT_INVALID',
  'CHECKPOINT_UNSUPPORTED',
  'CHECKPOINT_MISSING_KEY',
  'CHECKPOINT_FORBIDDEN',
  'BACKBONE_NEEDED',
  'BACKBONE_MISMATCH',
  'CLASSES_UNKNOWN',
];

describe.skipIf(!REFERENCE_IS_THERE)('an import that fails leaves nothing (skipped where ../shared/reference is absent)', () => {
  const clip = REFERENCE_IS_THERE ? read('patch16-half/clip.pt') : new Uint8Array(0);
  const prompts = REFERENCE_IS_THERE ? read('patch16-half/prompts.pt') : new Uint8Array(0);

  it.each(['hash', 'text', 'write', 'check'] as const)('cancelled at the step %s', async (step: ImportStep) => {
    const controller = new AbortController();
    const onProgress = (progress: { step: ImportStep }): void => {
      if (progress.step === step) controller.abort();
    };
    const error = await failure(
      { checkpoint: fileOf(clip), prompts: fileOf(prompts) },
      { signal: controller.signal, onProgress },
    );
    expect(error?.code).toBe('ABORTED');
  });

  it('names the tensor that is missing, not finite, or of another shape', async () => {
    const missing = await asSafetensors(clip, (tensors) => tensors.delete('visual.transformer.resblocks.1.mlp.c_proj.bias'));
    expect(await failure({ checkpoint: fileOf(missing) })).toMatchObject({
      code: 'CHECKPOINT_MISSING_KEY',
      detail: { key: 'visual.transformer.resblocks.1.mlp.c_proj.bias' },
    });
    const infinite = await asSafetensors(clip, (tensors) => (tensors.get('visual.proj')!.data[7] = Infinity));
    expect(await failure({ checkpoint: fileOf(infinite) })).toMatchObject({
      code: 'CHECKPOINT_INVALID',
      detail: { key: 'visual.proj', element: 7 },
    });
    const other = await asSafetensors(clip, (tensors) =>
      tensors.set('visual.proj', { dims: [64, 32], data: new Float32Array(2048) }),
    );
    expect(await failure({ checkpoint: fileOf(other) })).toMatchObject({
      code: 'CHECKPOINT_INVALID',
      detail: { key: 'text_projection' },
    });
  });

  it('lists what is not used, and reads safetensors, prefixes and wrappers all the same', async () => {
    const bytes = await asSafetensors(clip, (tensors) => {
      const plain = [...tensors];
      tensors.clear();
      for (const [key, tensor] of plain) tensors.set(`state_dict.module.${key}`, tensor);
      tensors.set('optimizer.step', { dims: [1], data: Float32Array.of(1) });
    });
    const ports = { runtime: nativeRuntime(1), sink: new MemorySink(), merges: () => Promise.resolve(merges) };
    const imported = await importCheckpoint({ checkpoint: fileOf(bytes, 'wrapped.safetensors') }, ports);
    expect(imported.surplus).toEqual(['optimizer.step']);
    expect(imported.manifest.name).toBe('wrapped');
  });

  it('keeps prompts from a CLIP that they were not learned with', async () => {
    const shifted = await asSafetensors(clip, (tensors) => {
      const { data } = tensors.get('token_embedding.weight')!;
      data.forEach((value, i) => (data[i] = value + 1));
    });
    expect(await failure({ checkpoint: fileOf(shifted), prompts: fileOf(prompts) })).toMatchObject({ code: 'BACKBONE_MISMATCH' });
    expect(await failure({ checkpoint: fileOf(clip), prompts: fileOf(read('patch32/prompts.pt')) })).toMatchObject({
      code: 'BACKBONE_MISMATCH',
      detail: { key: 'image_mask_learner.mask_embedding' },
    });
    expect(await failure({ checkpoint: fileOf(prompts) })).toMatchObject({ code: 'BACKBONE_NEEDED' });
  });

  it('asks for class words that the file does not tell, and takes them', async () => {
    const untold = await asSafetensors(prompts, (tensors) => {
      tensors.delete('prompt_learner_ctx.token_suffix');
    });
    const request = { checkpoint: fileOf(clip), prompts: fileOf(untold) };
    expect(await failure(request)).toMatchObject({ code: 'CLASSES_UNKNOWN' });
    expect(await failure({ ...request, classes: ['normal', 'pneumonia'] })).toBeUndefined();
  });

  it('declines altered files with a typed error', { timeout: SLOW ? 7_200_000 : 240_000 }, async () => {
    const edit = fc.record({
      // Not a double: fast-check draws those by their bits, and nearly all would be nearly nothing, the file's first byte.
      at: fc.nat(999_999).map((millionths) => millionths / 1e6),
      // Most of a file is values, which a checksum guards; structure lies at its ends.
      where: fc.constantFrom('anywhere', 'head', 'tail'),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
    });
    const outcomes = new Outcomes();
    const legacy = read('patch16-half/prompts.legacy.pt');
    const altered = (file: Uint8Array, edits: readonly { at: number; where: string; bytes: Uint8Array }[]): Uint8Array => {
      const copy = file.slice();
      for (const { at, where, bytes } of edits) {
        const span = where === 'anywhere' ? copy.length : Math.min(20_000, copy.length);
        const from = where === 'tail' ? copy.length - span : 0;
        copy.set(bytes.subarray(0, copy.length), Math.min(copy.length - bytes.length, from + Math.floor(at * span)));
      }
      return copy;
    };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('clip', 'prompts', 'legacy'),
        fc.array(edit, { minLength: 1, maxLength: 5 }),
        async (which, edits) => {
          const request = {
            checkpoint: fileOf(which === 'clip' ? altered(clip, edits) : clip),
            prompts: fileOf(which === 'clip' ? prompts : altered(which === 'legacy' ? legacy : prompts, edits)),
          };
          const error = await failure(request);
          outcomes.add(error?.code ?? 'made a pack');
          if (error) expect(DECLINED, error.message).toContain(error.code);
        },
      ),
      { numRuns: SLOW ? 10_000 : 150 },
    );
    if (SLOW) process.stdout.write(`imports of ${outcomes.describe()}\n`);
  });
});
