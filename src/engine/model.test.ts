import { beforeAll, describe, expect, it } from 'vitest';
import { nativeRuntime } from '../cli/ports/ort-runtime.js';
import { makeFixturePack } from '../cli/testing/fixture-pack.js';
import { AppError } from '../core/errors.js';
import { chooseBackend } from './choose-backend.js';
import { loadPack, type LoadedPack } from './load-pack.js';
import { GOLDEN_TOLERANCE, normalise, openModel } from './model.js';
import { brokenRuntime, FakeRuntime, type Feeds } from './testing/fake-runtime.js';
import { MemorySource } from './testing/memory-pack.js';

let pack: LoadedPack;
/** The features that the real runtime finds for the golden input: what a sound fake answers. */
let features: Float32Array;

beforeAll(async () => {
  const { files } = await makeFixturePack();
  pack = await loadPack(new MemorySource(new Map(files), 1_000_000), undefined);
  const session = await nativeRuntime(1).open(pack.vision);
  const run = async (feeds: Feeds): Promise<Feeds> => {
    const outputs = await session.run(feeds);
    features = outputs['features']!.data.slice();
    return outputs;
  };
  const model = await openModel(
    { backend: 'native', open: () => Promise.resolve({ run, release: () => session.release() }) },
    pack,
  );
  await model.release();
});

const answering = (data: () => Float32Array, backend: 'wasm' | 'webgpu' = 'wasm'): FakeRuntime =>
  new FakeRuntime(backend, () => ({ features: { dims: [5, 64], data: data() } }));

describe('normalise', () => {
  it('is the formula, the same in every channel', () => {
    const input = Uint8Array.from([0, 128, 255, 77]);
    const setting = { steps: [2], mean: 0.39799, std: 0.32721349 };
    const { dims, data } = normalise(input, { side: 2, channels: 3 } as never, setting);
    expect(dims).toEqual([1, 3, 2, 2]);
    for (let i = 0; i < 12; i++) expect(data[i]).toBeCloseTo((input[i % 4]! / 255 - 0.39799) / 0.32721349, 6);
  });

  it('refuses an input of another size', () => {
    expect(() => normalise(new Uint8Array(5), { side: 2, channels: 1 } as never, { steps: [2], mean: 0, std: 1 })).toThrow(
      RangeError,
    );
  });
});

describe('openModel', () => {
  it('opens on a real runtime and reproduces the golden logits', async () => {
    const model = await openModel(nativeRuntime(1), pack);
    const { logits } = await model.infer(pack.golden);
    logits.forEach((pair, i) => pair.forEach((value, c) => expect(value).toBeCloseTo(pack.manifest.golden.logits[i]![c]!, 4)));
    await model.release();
  });

  it('feeds pixels, five masks and the mask embedding', async () => {
    const runtime = answering(() => features);
    await openModel(runtime, pack);
    const shapes = Object.entries(runtime.fed[0]!).map(([name, { dims }]) => [name, dims]);
    expect(shapes).toEqual([
      ['pixels', [1, 3, 224, 224]],
      ['patch_mask', [5, 49, 1]],
      ['mask_embedding', [1, 49, 64]],
    ]);
  });

  it('takes a backend whose probabilities are a little off, and none beyond the tolerance', async () => {
    // Turning image feature 0 within the plane of the two texts moves its probability without leaving the sphere by much.
    const moved = (by: number): Float32Array =>
      features.map((value, i) => (i < 64 ? value + by * pack.prompts.textFeatures.data[64 + i]! : value));
    await expect(
      openModel(
        answering(() => moved(1e-4)),
        pack,
      ),
    ).resolves.toBeDefined();
    const wrong = answering(() => moved(-0.2));
    await expect(openModel(wrong, pack)).rejects.toMatchObject({ code: 'BACKEND_WRONG', detail: { backend: 'wasm' } });
    expect(wrong.sessions).toBe(0);
  });

  it('states how far off it is', async () => {
    const error = await openModel(
      answering(() => features.map((value) => -value)),
      pack,
    ).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).detail['difference']).toBeGreaterThan(GOLDEN_TOLERANCE);
  });

  it('counts what is not a number as wrong', async () => {
    const runtime = answering(() => features.map(() => NaN));
    await expect(openModel(runtime, pack)).rejects.toMatchObject({
      code: 'BACKEND_WRONG',
      detail: { difference: 'not a number' },
    });
    expect(runtime.sessions).toBe(0);
  });

  it.each([
    ['without features', () => ({})],
    ['with features of another length', () => ({ features: { dims: [5, 8], data: new Float32Array(40) } })],
  ])('blames the pack for a graph %s', async (_, graph) => {
    const runtime = new FakeRuntime('wasm', graph);
    await expect(openModel(runtime, pack)).rejects.toMatchObject({ code: 'PACK_INVALID' });
    expect(runtime.sessions).toBe(0);
  });
});

describe('chooseBackend', () => {
  it('goes on to the first that is right, and says why the others are not', async () => {
    const tried: string[] = [];
    const { model, setAside } = await chooseBackend(pack, {
      runtimes: [
        brokenRuntime('webgpu', new AppError('BACKEND_UNAVAILABLE', 'There is no adapter.')),
        answering(() => features.map((value) => -value)),
        nativeRuntime(1),
      ],
      onTrying: (backend) => tried.push(backend),
    });
    expect(model.backend).toBe('native');
    expect(tried).toEqual(['webgpu', 'wasm', 'native']);
    expect(setAside[0]).toEqual({ backend: 'webgpu', reason: 'There is no adapter.' });
    expect(setAside[1]?.reason).toMatch(/golden vector is off by 0\.\d+, more than 0\.01/);
    await model.release();
  });

  it('throws the last error if none is right', async () => {
    const runtimes = [brokenRuntime('webgpu', new Error('first')), brokenRuntime('wasm', new AppError('OUT_OF_MEMORY', 'last'))];
    await expect(chooseBackend(pack, { runtimes })).rejects.toMatchObject({ code: 'OUT_OF_MEMORY', message: 'last' });
    await expect(chooseBackend(pack, { runtimes: [] })).rejects.toMatchObject({ code: 'BACKEND_UNAVAILABLE' });
  });

  it('tries no other backend for a pack that is not sound', async () => {
    const second = answering(() => features);
    const runtimes = [new FakeRuntime('webgpu', () => ({})), second];
    await expect(chooseBackend(pack, { runtimes })).rejects.toMatchObject({ code: 'PACK_INVALID' });
    expect(second.fed).toEqual([]);
  });

  it('stops when told', async () => {
    const signal = AbortSignal.abort();
    await expect(chooseBackend(pack, { runtimes: [nativeRuntime(1)], signal })).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
