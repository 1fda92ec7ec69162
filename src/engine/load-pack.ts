import { AppError, throwIfAborted } from '../core/errors.js';
import { sha256, startSha256 } from '../core/pack/hash.js';
import { parseManifest, type Manifest, type PackFile } from '../core/pack/manifest.js';
import { parsePromptSet, type PromptSet } from '../core/pack/prompt-set.js';
import type { PackIdentity } from '../core/result.js';
import type { ByteProgress, Graph, PackSource, PackStore, RunOptions } from './ports.js';

/** A pack whose every byte was checked against its manifest: ready to be opened on a backend. */
export interface LoadedPack {
  readonly manifest: Manifest;
  readonly identity: PackIdentity;
  readonly vision: Graph;
  readonly prompts: PromptSet;
  /** The golden vector's input: `side * side` grey bytes. */
  readonly golden: Uint8Array;
}

/**
 * Reads a pack: the manifest first, then each file that scoring needs, from the store where it is already there, else from
 * the source, streamed, hashed as it comes, kept in the store. An interrupted download goes on where it stopped.
 *
 * @throws AppError `PACK_NOT_FOUND`, `PACK_INVALID`, `PACK_TOO_NEW`, `PACK_HASH`, `DOWNLOAD_FAILED`, `ABORTED`.
 */
export async function loadPack(
  source: PackSource,
  store: PackStore | undefined,
  { signal, onProgress }: RunOptions<ByteProgress> = {},
): Promise<LoadedPack> {
  const manifestBytes = await source.manifest(signal);
  const manifest = parseManifest(manifestBytes);
  const { vision, visionWeights, prompts, golden } = manifest.files;
  const total = [vision, visionWeights, prompts, golden].reduce((sum, file) => sum + file.bytes, 0);
  let before = 0;
  const read = async (file: PackFile): Promise<Uint8Array> => {
    const report = (loaded: number): void => onProgress?.({ loaded: before + loaded, total });
    const bytes = await readPackFile(file, source, store, { signal, onProgress: report });
    before += file.bytes;
    onProgress?.({ loaded: before, total });
    return bytes;
  };
  // One after the other: they share one connection anyway, and the progress stays true.
  const model = await read(vision);
  const weights = await read(visionWeights);
  const promptSet = await parsePromptSet(await read(prompts), manifest);
  const goldenInput = await read(golden);
  const { side } = manifest.architecture;
  if (goldenInput.byteLength !== side * side)
    throw new AppError('PACK_INVALID', `The golden input has ${goldenInput.byteLength} bytes, not ${side} x ${side}.`, { file: golden.path });
  return {
    manifest,
    identity: { name: manifest.name, version: manifest.packVersion, sha256: sha256(manifestBytes) },
    vision: { model, external: [{ path: visionWeights.path, data: weights }] },
    prompts: promptSet,
    golden: goldenInput,
  };
}

/**
 * One file of a pack, its length and hash checked before anyone sees it.
 *
 * @throws AppError `PACK_HASH` for other bytes than the manifest promises, `DOWNLOAD_FAILED`, `ABORTED`.
 */
export async function readPackFile(
  file: PackFile,
  source: PackSource,
  store: PackStore | undefined,
  { signal, onProgress }: RunOptions<number> = {},
): Promise<Uint8Array> {
  const kept = await store?.read(file.sha256);
  // What lies in the store was checked when it was put there; a disk may still have lost it since.
  if (kept && matches(kept, file)) return kept;
  const partial = (await store?.readPartial(file.sha256)) ?? new Uint8Array(0);
  const bytes = new Uint8Array(file.bytes);
  let length = 0;
  if (partial.byteLength > 0 && partial.byteLength <= file.bytes) {
    bytes.set(partial);
    length = partial.byteLength;
  }
  const { start, chunks } = await source.open(file.path, length, signal);
  if (start !== length) {
    await store?.settlePartial(file.sha256, undefined);
    length = start;
  }
  const hash = startSha256();
  hash.update(bytes.subarray(0, length));
  for await (const chunk of chunks) {
    throwIfAborted(signal);
    if (length + chunk.byteLength > file.bytes) throw await reject(file, store, 'is longer');
    bytes.set(chunk, length);
    hash.update(chunk);
    await store?.appendPartial(file.sha256, chunk);
    length += chunk.byteLength;
    onProgress?.(length);
  }
  if (length < file.bytes)
    throw new AppError('DOWNLOAD_FAILED', `The download of ${file.path} ended after ${length} of ${file.bytes} bytes.`, { file: file.path });
  if (hash.hex() !== file.sha256) throw await reject(file, store, 'has other bytes');
  await store?.settlePartial(file.sha256, bytes);
  return bytes;
}

function matches(bytes: Uint8Array, file: PackFile): boolean {
  return bytes.byteLength === file.bytes && sha256(bytes) === file.sha256;
}

async function reject(file: PackFile, store: PackStore | undefined, how: string): Promise<AppError> {
  await store?.settlePartial(file.sha256, undefined);
  return new AppError('PACK_HASH', `The pack's file ${file.path} ${how} than its manifest says.`, { file: file.path, sha256: file.sha256 });
}
