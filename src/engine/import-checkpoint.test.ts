import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nativeRuntime } from '../cli/ports/ort-runtime.js';
import { createTokenizer } from '../core/clip/tokenizer.js';
import { REFERENCE, REFERENCE_IS_THERE } from '../core/graph/testing/reference.js';
import { sha256 } from '../core/pack/hash.js';
import { byteSource } from '../core/torch/tensor.js';
import { importCheckpoint, type ImportProgress, type ImportRequest } from './import-checkpoint.js';
import { inspectCheckpoint } from './inspect-checkpoint.js';
import { MemorySink } from './memory-sink.js';

const merges = readFileSync(new URL('../../public/tokenizer/clip-merges.txt', import.meta.url), 'utf8');

const bytesOf = (path: string) => new Uint8Array(readFileSync(`${REFERENCE}${path}`));
const fileOf = (path: string) => ({ name: path.replace('/', '-'), source: byteSource(bytesOf(path)) });

async function importInto(request: ImportRequest, sink = new MemorySink()) {
  const progress: ImportProgress[] = [];
  const ports = { runtime: nativeRuntime(1), sink, merges: () => Promise.resolve(merges) };
  const imported = await importCheckpoint(request, ports, { onProgress: (at) => progress.push(at) });
  return { ...imported, progress, files: sink.files };
}

describe.skipIf(!REFERENCE_IS_THERE)('importing a checkpoint (skipped where ../shared/reference is absent)', () => {
  it('tells what it is before', async () => {
    const facts = await inspectCheckpoint(fileOf('patch32/ppad.pt'), { tokenizer: createTokenizer(merges) });
    expect(facts).toMatchObject({
      kind: 'ppad',
      container: 'zip',
      willBuild: 'learned-prompts',
      classes: ['normal', 'pneumonia'],
      surplus: [],
      vision: { side: 224, grid: [7, 7], width: 128, layers: 3 },
      textTower: { width: 64, layers: 2, vocabulary: 49_408, context: 77 },
    });
  });

  it('makes a pack that says where it comes from', async () => {
    const { manifest, files, progress, sha256: identity } = await importInto({ checkpoint: fileOf('patch14-mixed/ppad.pt') });
    expect(manifest).toMatchObject({
      name: 'patch14-mixed-ppad',
      stage: 'imported',
      classes: ['normal', 'pneumonia'],
      prompting: 'learned',
      rule: { kind: 'ppad', maxAbove: 0.8 },
      origin: { file: 'patch14-mixed-ppad.pt', sha256: sha256(bytesOf('patch14-mixed/ppad.pt')), kind: 'ppad' },
    });
    expect(identity).toBe(sha256(files.get('manifest.json')!));
    expect([...files.keys()].sort()).toEqual([
      'golden.gray',
      'manifest.json',
      'prompts.safetensors',
      'vision.bin',
      'vision.onnx',
    ]);
    const loaded = progress.map((at) => at.loaded);
    expect(loaded).toEqual(loaded.toSorted((a, b) => a - b));
    expect(new Set(progress.map(({ step }) => step))).toEqual(new Set(['hash', 'write', 'text', 'check']));
    expect(progress.at(-1)).toMatchObject({ step: 'check', loaded: progress[0]!.total, total: progress[0]!.total });
  });

  it('makes a zero-shot pack of a bare CLIP', async () => {
    const { manifest } = await importInto({ checkpoint: fileOf('patch16-half/clip.pt') });
    expect(manifest).toMatchObject({ prompting: 'zero-shot', rule: { kind: 'whole' }, classes: ['normal.', 'pneumonia.'] });
  });
});
