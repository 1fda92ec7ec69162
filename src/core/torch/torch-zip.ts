import { AppError } from '../errors.js';
import { damaged, unsupported } from './fault.js';
import { flattenTensors, type FlatTensors } from './flatten.js';
import { readPickle } from './pickle.js';
import type { StorageLookup } from './storage.js';
import type { ByteSource } from './tensor.js';
import { entryStart, readEntryBytes, readZipDirectory, type ZipDirectory } from './zip-directory.js';

const MOST_PICKLE_BYTES = 16_000_000;

/**
 * The tensors of a torch zip file (torch 1.6 and later) or a TorchScript archive. `data.pkl` is read and checked, the storages
 * (`data/0`, `data/1`, ...) only when a tensor is.
 *
 * @throws AppError `CHECKPOINT_INVALID`, `CHECKPOINT_FORBIDDEN`, `CHECKPOINT_UNSUPPORTED`.
 */
export async function readTorchZip(source: ByteSource): Promise<FlatTensors & { readonly container: 'zip' | 'torchscript' }> {
  const directory = await readZipDirectory(source);
  const prefix = findPrefix(directory);
  await checkByteOrder(source, directory, prefix);
  const script = directory.has(`${prefix}constants.pkl`);
  const pickle = directory.get(`${prefix}data.pkl`);
  if (!pickle) throw damaged('The zip archive holds no data.pkl.', { entry: `${prefix}data.pkl` });
  const bytes = await readEntryBytes(source, pickle, MOST_PICKLE_BYTES);
  const { value } = readPickle(bytes, await entryStart(source, pickle), script);
  return { ...flattenTensors(value, source, lookupIn(source, directory, prefix)), container: script ? 'torchscript' : 'zip' };
}

/** torch puts everything in one folder, named after the file. */
function findPrefix(directory: ZipDirectory): string {
  const pickles = [...directory.keys()].filter((name) => /^([^/]*\/)?data\.pkl$/.test(name));
  const [name] = pickles;
  if (name === undefined || pickles.length > 1)
    throw new AppError('CHECKPOINT_UNSUPPORTED', 'The zip archive is not a torch file: it needs exactly one data.pkl.', {
      found: pickles.length,
      entries: directory.size,
    });
  return name.slice(0, -'data.pkl'.length);
}

async function checkByteOrder(source: ByteSource, directory: ZipDirectory, prefix: string): Promise<void> {
  const entry = directory.get(`${prefix}byteorder`);
  if (!entry) return;
  const order = String.fromCharCode(...(await readEntryBytes(source, entry, 16)));
  if (order !== 'little')
    throw unsupported(`The checkpoint's byte order is ${order === 'big' ? 'big' : 'unknown'}; little-endian ones are read.`);
}

function lookupIn(source: ByteSource, directory: ZipDirectory, prefix: string): StorageLookup {
  return (storage, key) => {
    const entry = directory.get(`${prefix}data/${storage.key}`);
    if (!entry)
      throw damaged(`The storage ${storage.key} of tensor ${key} is missing from the file.`, { key, storage: storage.key });
    return { byteLength: entry.byteLength, checksum: entry.checksum, start: () => entryStart(source, entry) };
  };
}
