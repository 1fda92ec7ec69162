import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { folderSource } from '../cli/ports/folder-source.js';
import { nativeRuntime } from '../cli/ports/ort-runtime.js';
import { createTokenizer } from '../core/clip/tokenizer.js';
import { drawPhantom } from '../core/film/phantom.js';
import { scoredRecord } from '../core/export/scored-record.js';
import { resizeSteps } from '../core/film/resize.js';
import { loadPack, type LoadedPack } from './load-pack.js';
import { openModel } from './model.js';
import { textOfPack } from './pack-towers.js';
import { scorePrepared } from './score.js';
import { embedWords, runTextGraph, type PromptWords } from './text-features.js';

const source = folderSource(fileURLToPath(new URL('../../models/default/', import.meta.url)));
let pack: LoadedPack;
let loadedBytes = 0;

beforeAll(async () => {
  pack = await loadPack(source, undefined, { onProgress: ({ loaded }) => (loadedBytes = loaded) });
});

describe('what a film needs of the pack that ships', () => {
  it('is 6.5 MB at most, manifest and golden vector included, text tower and token table not', async () => {
    const manifest = await source.manifest();
    expect(loadedBytes).toBeGreaterThan(pack.manifest.files.visionWeights.bytes);
    expect(loadedBytes + manifest.byteLength).toBeLessThanOrEqual(6.5e6);
  });
});

describe('the text tower of the pack that ships', () => {
  const tokenizer = createTokenizer(readFileSync(new URL('../../public/tokenizer/clip-merges.txt', import.meta.url), 'utf8'));

  async function features(classes: readonly [string, string]): Promise<Float32Array> {
    const { manifest, prompts } = pack;
    const text = textOfPack(manifest, { source });
    const words: PromptWords = { prompting: 'learned', classes, positions: manifest.positions.map(({ prompt }) => prompt) };
    const inputs = embedWords(words, tokenizer, await text.table(), {
      context: text.sizes.context,
      learned: prompts.context?.data,
    });
    return (await runTextGraph(nativeRuntime(1), await text.graph(), inputs, words)).data;
  }

  it('gives the text features of its own prompts again, and others for other words', async () => {
    const { classes } = pack.manifest;
    const { data } = pack.prompts.textFeatures;
    const off = (found: Float32Array): number => Math.max(...found.map((value, i) => Math.abs(value - data[i]!)));
    expect(off(await features(classes))).toBeLessThan(2e-3);
    expect(off(await features([classes[0], 'pneumonia']))).toBeGreaterThan(2e-3);
  });

  it('says so of words that it has never seen', async () => {
    await expect(features(['normal', 'giraffe'])).rejects.toMatchObject({ code: 'WORDS_UNKNOWN' });
  });
});

describe('a film scored with the pack that ships', () => {
  it('carries the chest check and the calibrated score, into what is written out too', async () => {
    const model = await openModel(nativeRuntime(1), pack);
    const film = drawPhantom({ opacity: true });
    const input = resizeSteps(film, pack.manifest.preprocessing.steps);
    const result = await scorePrepared(model, { film, input, inputDigest: '', ms: { decode: 0, preprocess: 0 } }, 'test');
    const { chestCheck, calibrated } = result;
    expect(chestCheck).toMatchObject({ threshold: pack.manifest.chestCheck!.threshold });
    const { temperature } = pack.manifest.calibration!;
    expect(Math.log(calibrated! / (1 - calibrated!))).toBeCloseTo(Math.log(result.score / (1 - result.score)) / temperature, 6);
    expect(scoredRecord(result, pack.manifest, 'assumed')).toMatchObject({ chestCheck, calibrated });
    // The temperature belongs to the pack's own words.
    const others = model.reword(['normal', 'pneumonia'], pack.prompts.textFeatures);
    const again = await scorePrepared(others, { film, input, inputDigest: '', ms: { decode: 0, preprocess: 0 } }, 'test');
    expect(again.calibrated).toBeUndefined();
    expect(again.chestCheck).toEqual(chestCheck);
    await model.release();
  });
});

describe('the samples, scored with the pack that ships', () => {
  it('stand on either side of the threshold, and the opacity in the side and the half it is drawn in', async () => {
    const model = await openModel(nativeRuntime(1), pack);
    const score = async (opacity: boolean) => {
      const film = drawPhantom({ opacity });
      const input = resizeSteps(film, pack.manifest.preprocessing.steps);
      return scorePrepared(model, { film, input, inputDigest: '', ms: { decode: 0, preprocess: 0 } }, 'test');
    };
    const [clear, opaque] = [await score(false), await score(true)];
    expect(clear.aboveThreshold).toBe(false);
    expect(opaque.aboveThreshold).toBe(true);
    const [left, right, upper, lower] = opaque.positions.map(({ probability }) => probability);
    expect(left).toBeGreaterThan(right! + 0.5);
    expect(upper).toBeGreaterThan(lower! + 0.5);
    await model.release();
  });
});

describe('the chest check of the pack that ships', () => {
  it('flags the phantom upside down or inverted, and a blank, more than the phantom itself', async () => {
    const model = await openModel(nativeRuntime(1), pack);
    const upright = resizeSteps(drawPhantom({ opacity: true }), pack.manifest.preprocessing.steps);
    const check = async (input: Uint8Array) => (await model.infer(input)).chestCheck;
    // A drawing, which the check may or may not take for a film.
    const itself = (await check(upright))!.value;
    for (const other of [upright.slice().reverse(), upright.map((grey) => 255 - grey), upright.map(() => 128)]) {
      const found = await check(other);
      expect(found).toMatchObject({ flagged: true });
      expect(found!.reason).not.toBeNull();
      expect(found!.value).toBeGreaterThan(itself);
    }
    await model.release();
  });
});
