import { AppError } from '../errors.js';
import { ByteCursor, endsEarly, readRange } from './byte-cursor.js';
import { damaged, unsupported } from './fault.js';
import { flattenTensors, type FlatTensors } from './flatten.js';
import { readPickle } from './pickle.js';
import { ScriptObject, StorageRef, TensorRef, type PickleValue } from './pickle-value.js';
import type { StorageBytes } from './storage.js';
import type { ByteSource } from './tensor.js';

const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;
const FIRST_WINDOW = 256 * 1024;
const MOST_PICKLE_BYTES = 16_000_000;
const MOST_STORAGES = 100_000;

/**
 * The tensors of a torch file of before 1.6: five pickles in a row (magic number, protocol, machine, content, storage keys), then
 * each storage as an element count and its bytes.
 *
 * @throws AppError `CHECKPOINT_INVALID`, `CHECKPOINT_FORBIDDEN`, `CHECKPOINT_UNSUPPORTED`.
 */
export async function readTorchLegacy(source: ByteSource): Promise<FlatTensors & { readonly container: 'legacy' }> {
  const { content, keys, end } = await readHeader(source);
  const storages = await locateStorages(source, keys, storagesOf(content), end);
  const flat = flattenTensors(content, source, (storage, key) => {
    const bytes = storages.get(storage.key);
    if (!bytes)
      throw damaged(`The storage ${storage.key} of tensor ${key} is missing from the file.`, { key, storage: storage.key });
    return bytes;
  });
  return { ...flat, container: 'legacy' };
}

interface Header {
  readonly content: PickleValue;
  readonly keys: readonly string[];
  readonly end: number;
}

/** The pickles do not say how long they are: a window that grows until they end in it. */
async function readHeader(source: ByteSource): Promise<Header> {
  for (let window = FIRST_WINDOW; ; window *= 8) {
    const size = Math.min(window, source.byteLength, MOST_PICKLE_BYTES);
    const bytes = await readRange(source, 0, size);
    try {
      return parseHeader(bytes);
    } catch (error) {
      const again = error instanceof AppError && endsEarly(error) && size < source.byteLength && size < MOST_PICKLE_BYTES;
      if (!again) throw error;
    }
  }
}

function parseHeader(bytes: Uint8Array): Header {
  let end = 0;
  const next = (): PickleValue => {
    const { value, length } = readPickle(bytes.subarray(end), end);
    end += length;
    return value;
  };
  if (next() !== MAGIC)
    throw unsupported('The file is a pickle, but not one of torch: its magic number is missing.', { offset: 0 });
  const protocol = next();
  if (protocol !== PROTOCOL)
    throw unsupported(`The torch file has protocol ${typeof protocol === 'number' ? protocol : '?'}; ${PROTOCOL} is read.`);
  const machine = next();
  if (!(machine instanceof Map) || machine.get('little_endian') !== true)
    throw unsupported('The checkpoint does not say that its byte order is little-endian.');
  const content = next();
  const keys = next();
  if (!Array.isArray(keys) || keys.length > MOST_STORAGES || !keys.every((key) => typeof key === 'string'))
    throw damaged(`The torch file's list of storages is not one (offset ${end}).`, { offset: end });
  return { content, keys, end };
}

/** Every storage that a tensor or the content itself names, by key. Each object is looked at once, however often it is named. */
function storagesOf(content: PickleValue): Map<string, StorageRef> {
  const storages = new Map<string, StorageRef>();
  const seen = new Set<PickleValue>();
  const todo: PickleValue[] = [content];
  for (let value = todo.pop(); value !== undefined; value = todo.pop()) {
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (value instanceof StorageRef) storages.set(value.key, value);
    else if (value instanceof TensorRef) todo.push(value.storage);
    else if (value instanceof ScriptObject) todo.push(value.attributes);
    else if (value instanceof Map) for (const item of value.values()) todo.push(item);
    else if (Array.isArray(value)) for (const item of value) todo.push(item);
  }
  return storages;
}

async function locateStorages(
  source: ByteSource,
  keys: readonly string[],
  storages: ReadonlyMap<string, StorageRef>,
  end: number,
): Promise<Map<string, StorageBytes>> {
  const located = new Map<string, StorageBytes>();
  let offset = end;
  for (const key of keys) {
    const storage = storages.get(key);
    if (!storage) throw damaged(`The storage ${key.slice(0, 100)} belongs to no tensor (offset ${offset}).`, { offset });
    if (located.has(key)) throw damaged(`The storage ${key} is listed twice.`, { storage: key });
    if (offset + 8 > source.byteLength)
      throw damaged(`The file ends early: storage ${key} should begin at offset ${offset}.`, { offset, endsEarly: true });
    const count = new ByteCursor(await readRange(source, offset, offset + 8), offset).uint64();
    if (count !== storage.total)
      throw damaged(`Storage ${key} has ${count} elements at offset ${offset}, ${storage.total} are announced.`, { offset });
    const start = offset + 8;
    const byteLength = count * storage.type.bytesPerElement;
    if (start + byteLength > source.byteLength)
      throw damaged(`The file ends early: storage ${key} has ${byteLength} bytes from offset ${start}.`, {
        offset: start,
        endsEarly: true,
      });
    located.set(key, { byteLength, checksum: undefined, start: () => Promise.resolve(start) });
    offset = start + byteLength;
  }
  return located;
}
