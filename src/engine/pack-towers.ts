import { inferArchitecture } from '../core/clip/architecture.js';
import { vitShapes } from '../core/clip/vit-shapes.js';
import { AppError } from '../core/errors.js';
import { buildVisionGraph, type Masking } from '../core/graph/vision-graph.js';
import { sha256 } from '../core/pack/hash.js';
import { parseManifest, type Manifest, type PackFile } from '../core/pack/manifest.js';
import { parseTokenRows, TOKENS_LIMIT } from '../core/pack/token-rows.js';
import { decodeElements } from '../core/torch/half.js';
import { tensorOf } from '../core/torch/tensor.js';
import { readPackFile } from './load-pack.js';
import type { PackWriter } from './pack-writer.js';
import type { PackSource, PackStore, RunOptions } from './ports.js';
import type { TextSource, Towers } from './towers.js';
import type { WrittenTower } from './write-pack.js';

/** A pack whose towers are used again, with other prompts. */
export interface PackTowers extends Towers {
  readonly manifest: Manifest;
  /** SHA-256 of the manifest's bytes. */
  readonly sha256: string;
}

interface Place {
  readonly source: PackSource;
  readonly store?: PackStore | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The towers of a pack that holds its text tower.
 *
 * @throws AppError `BACKBONE_NEEDED` for a pack without one; `PACK_*` as reading a pack does.
 */
export async function packTowers(source: PackSource, { signal }: RunOptions = {}): Promise<PackTowers> {
  const manifestBytes = await source.manifest(signal);
  const manifest = parseManifest(manifestBytes);
  const place = { source, signal };
  const text = textOfPack(manifest, place);
  const { visionWeights, textWeights, tokenTable } = manifest.files;
  return {
    manifest,
    sha256: sha256(manifestBytes),
    architecture: manifest.architecture,
    text,
    bytes: { vision: visionWeights.bytes, text: (textWeights?.bytes ?? 0) + (tokenTable?.bytes ?? 0) },
    logitScale: () => Promise.resolve(manifest.logitScale),
    writeVision: (writer, masking) => copyVision(manifest, place, writer, masking),
  };
}

/**
 * The text tower of a pack, its files checked when they are read.
 *
 * @throws AppError `BACKBONE_NEEDED` for a pack without one; `PACK_INVALID` for files that do not fit their sizes.
 */
export function textOfPack({ name, files, textTower }: Manifest, { source, store, signal }: Place): TextSource {
  const { text, textWeights, tokenTable, tokenizer } = files;
  if (!text || !textWeights || !tokenTable || !textTower)
    throw new AppError('BACKBONE_NEEDED', `The pack ${name} was made without its text tower.`, { pack: name });
  const read = (file: PackFile): Promise<Uint8Array> => readPackFile(file, source, store, { signal });
  const { vocabulary, width } = textTower;
  const elements = vocabulary * width;
  if (tokenizer && tokenizer.bytes > TOKENS_LIMIT)
    throw new AppError('PACK_INVALID', `The pack's list of tokens has ${tokenizer.bytes} bytes, more than ${TOKENS_LIMIT}.`, {
      file: tokenizer.path,
    });
  if (tokenTable.bytes !== 2 * elements && tokenTable.bytes !== 4 * elements)
    throw new AppError(
      'PACK_INVALID',
      `The pack's token table has ${tokenTable.bytes} bytes, not ${vocabulary} rows of ${width}.`,
      {
        file: tokenTable.path,
      },
    );
  const dtype = tokenTable.bytes === 2 * elements ? 'float16' : 'float32';
  return {
    sizes: textTower,
    table: async () => ({
      width,
      dtype,
      values: decodeElements(dtype, await read(tokenTable)),
      ...(tokenizer && { rows: parseTokenRows(await read(tokenizer), vocabulary) }),
    }),
    graph: async () => ({ model: await read(text), external: [{ path: textWeights.path, data: await read(textWeights) }] }),
    keep: async (writer) => {
      for (const file of [text, textWeights, tokenTable, ...(tokenizer ? [tokenizer] : [])]) await writer.copy(file, source);
      return { text, textWeights, tokenTable, ...(tokenizer && { tokenizer }) };
    },
  };
}

async function copyVision(
  manifest: Manifest,
  { source, signal }: Place,
  writer: PackWriter,
  masking: Masking,
): Promise<WrittenTower> {
  const { vision, visionWeights } = manifest.files;
  const own: Masking = manifest.prompting === 'zero-shot' ? 'mean' : 'learned';
  const model =
    own === masking
      ? await readPackFile(vision, source, undefined, { signal })
      : buildGraphOver(manifest, visionWeights, masking);
  await writer.copy(visionWeights, source);
  return { model, vision: await writer.bytes('vision.onnx', model), visionWeights };
}

/** A graph with other masking over weights that are there: their layout follows from the tower's sizes. */
function buildGraphOver({ architecture }: Manifest, weights: PackFile, masking: Masking): Uint8Array {
  const shapes = vitShapes(architecture);
  const unread = new Map([...shapes].map(([key, { dims }]) => [key, tensorOf(dims, new Float32Array(0))]));
  const { vision } = inferArchitecture(unread);
  for (const storage of ['float16', 'float32'] as const) {
    const built = buildVisionGraph(vision, unread, { storage, masking, weightsPath: weights.path });
    if (built.weights.byteLength === weights.bytes) return built.model;
  }
  throw new AppError('PACK_INVALID', `The pack's file ${weights.path} does not have the length of its tower.`, {
    file: weights.path,
  });
}
