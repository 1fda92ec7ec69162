import { CHEST_CHECK_LIMIT, parseChestCheck, type ChestCheckTensors } from '../core/chest/chest-check-file.js';
import { AppError, throwIfAborted } from '../core/errors.js';
import { sha256, startSha256, type RunningHash } from '../core/pack/hash.js';
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
  readonly chestCheck: ChestCheckTensors | undefined;
}

/** How a machine holds and hashes bytes, where it has better than the usual. */
export interface LoadOptions<P> extends RunOptions<P> {
  /** SHA-256. */
  readonly startHash?: () => RunningHash;
  /** Room for weights: shared memory, say. */
  readonly allocate?: (bytes: number) => Uint8Array;
}

/**
 * Reads a pack: the manifest first, then each file that scoring needs (the text tower and the card are read when they are asked for), from the store where it is already there, else from
 * the source, streamed, hashed as it comes, kept in the store. An interrupted download goes on where it stopped.
 *
 * @throws AppError `PACK_NOT_FOUND`, `PACK_INVALID`, `PACK_TOO_NEW`, `PACK_HASH`, `DOWNLOAD_FAILED`, `ABORTED`.
 */
export async function loadPack(
  source: PackSource,
  store: PackStore | undefined,
  { onProgress, allocate, ...options }: LoadOptions<ByteProgress> = {},
): Promise<LoadedPack> {
  const manifestBytes = await source.manifest(options.signal);
  const manifest = parseManifest(manifestBytes);
  const { vision, visionWeights, prompts, golden, chestCheck } = manifest.files;
  if (chestCheck && chestCheck.bytes > CHEST_CHECK_LIMIT)
    throw new AppError('PACK_INVALID', `The chest check has ${chestCheck.bytes} bytes, more than ${CHEST_CHECK_LIMIT}.`, {
      file: chestCheck.path,
    });
  const total = [vision, visionWeights, prompts, golden, chestCheck].reduce((sum, file) => sum + (file?.bytes ?? 0), 0);
  let before = 0;
  const read = async (file: PackFile, more: Pick<LoadOptions<number>, 'allocate'> = {}): Promise<Uint8Array> => {
    const report = (loaded: number): void => onProgress?.({ loaded: before + loaded, total });
    const bytes = await readPackFile(file, source, store, { ...options, ...more, onProgress: report });
    before += file.bytes;
    onProgress?.({ loaded: before, total });
    return bytes;
  };
  // One after the other: they share one connection anyway, and the progress stays true.
  const model = await read(vision);
  const weights = await read(visionWeights, allocate ? { allocate } : {});
  const promptSet = await parsePromptSet(await read(prompts), manifest);
  const goldenInput = await read(golden);
  const check = chestCheck && (await parseChestCheck(await read(chestCheck), manifest));
  const { side } = manifest.architecture;
  if (goldenInput.byteLength !== side * side)
    throw new AppError('PACK_INVALID', `The golden input has ${goldenInput.byteLength} bytes, not ${side} x ${side}.`, {
      file: golden.path,
    });
  return {
    manifest,
    identity: await identify(manifest, hashOf(manifestBytes, options.startHash), source),
    vision: { model, external: [{ path: visionWeights.path, data: weights }] },
    prompts: promptSet,
    golden: goldenInput,
    chestCheck: check,
  };
}

function hashOf(bytes: Uint8Array, startHash = startSha256): string {
  const hash = startHash();
  hash.update(bytes);
  return hash.hex();
}

/** What every result says of its pack; of an imported one also where it comes from. */
async function identify({ name, packVersion, origin }: Manifest, hash: string, source: PackSource): Promise<PackIdentity> {
  const identity = { name, version: packVersion, sha256: hash };
  if (!origin) return identity;
  const { file, sha256 } = origin;
  const evaluation = await source.evaluation?.(hash);
  const state = evaluation ? 'imported, evaluated here' : 'imported, not validated here';
  return { ...identity, origin: { file, sha256, state, ...(evaluation && { evaluation }) } };
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
  options: LoadOptions<number> = {},
): Promise<Uint8Array> {
  const kept = await store?.read(file.sha256);
  // What lies in the store was checked when it was put there; a disk may still have lost it since.
  if (kept && matches(kept, file)) return kept;
  const partial = await store?.readPartial(file.sha256);
  if (partial && partial.byteLength > 0) {
    const resumed = partial.byteLength <= file.bytes ? await download(file, source, store, partial, options) : undefined;
    if (resumed?.hash === file.sha256) return keep(file, store, resumed.bytes);
    // The part that was kept may be what is wrong, so the source is not blamed yet.
    await store?.settlePartial(file.sha256, undefined);
  }
  const { bytes, hash } = await download(file, source, store, new Uint8Array(0), options);
  if (hash === file.sha256) return keep(file, store, bytes);
  await store?.settlePartial(file.sha256, undefined);
  throw differs(file, 'has other bytes');
}

/** Reads on after `partial`, or from the start where the source cannot, and hashes as it comes. The length is right, the hash not yet compared. */
async function download(
  file: PackFile,
  source: PackSource,
  store: PackStore | undefined,
  partial: Uint8Array,
  { signal, onProgress, startHash = startSha256, allocate = (length) => new Uint8Array(length) }: LoadOptions<number>,
): Promise<{ readonly bytes: Uint8Array; readonly hash: string }> {
  // A part as long as the file needs no request, which a server would refuse.
  if (partial.byteLength === file.bytes && file.bytes > 0) return { bytes: partial, hash: sha256(partial) };
  const { start, chunks } = await source.open(file.path, partial.byteLength, signal);
  if (start !== partial.byteLength) {
    if (start !== 0)
      throw new AppError('DOWNLOAD_FAILED', `The pack's file ${file.path} came from byte ${start} on, which was not asked for.`, {
        file: file.path,
      });
    await store?.settlePartial(file.sha256, undefined);
  }
  const bytes = allocate(file.bytes);
  bytes.set(partial.subarray(0, start));
  let length = start;
  const hash = startHash();
  hash.update(bytes.subarray(0, start));
  for await (const chunk of chunks) {
    throwIfAborted(signal);
    if (length + chunk.byteLength > file.bytes) {
      await store?.settlePartial(file.sha256, undefined);
      throw differs(file, 'is longer');
    }
    bytes.set(chunk, length);
    hash.update(chunk);
    await store?.appendPartial(file.sha256, chunk);
    length += chunk.byteLength;
    onProgress?.(length);
  }
  if (length < file.bytes)
    throw new AppError('DOWNLOAD_FAILED', `The pack's file ${file.path} ended after ${length} of ${file.bytes} bytes.`, {
      file: file.path,
    });
  return { bytes, hash: hash.hex() };
}

async function keep(file: PackFile, store: PackStore | undefined, bytes: Uint8Array): Promise<Uint8Array> {
  await store?.settlePartial(file.sha256, bytes);
  return bytes;
}

function matches(bytes: Uint8Array, file: PackFile): boolean {
  return bytes.byteLength === file.bytes && sha256(bytes) === file.sha256;
}

function differs(file: PackFile, how: string): AppError {
  return new AppError('PACK_HASH', `The pack's file ${file.path} ${how} than its manifest says.`, {
    file: file.path,
    sha256: file.sha256,
  });
}
