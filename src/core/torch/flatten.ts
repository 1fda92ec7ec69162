import { damaged } from './fault.js';
import { ScriptObject, TensorRef, type PickleValue } from './pickle-value.js';
import { dtypeOf, tensorAt, type StorageLookup } from './storage.js';
import type { ByteSource, NamedTensor, StateDict } from './tensor.js';

/** A tensor that is there, but of an element type that no model here needs. */
export interface SkippedTensor {
  readonly key: string;
  /** torch's storage class, e.g. `DoubleStorage`. */
  readonly type: string;
  readonly dims: readonly number[];
}

export interface FlatTensors {
  readonly tensors: StateDict;
  readonly skipped: readonly SkippedTensor[];
}

const MOST_DEPTH = 24;
const MOST_VISITS = 200_000;
const LONGEST_KEY = 500;

/**
 * Every tensor below `root`, by its path joined with dots: `{"a": {"b": [t]}}` has `a.b.0`. A tensor that is found on two paths is listed
 * on both (shared weights). Whatever is no tensor is left out.
 *
 * @throws AppError `CHECKPOINT_INVALID` with the key, for nesting without end and for tensors that do not fit their storage.
 */
export function flattenTensors(root: PickleValue, source: ByteSource, lookup: StorageLookup): FlatTensors {
  const tensors = new Map<string, NamedTensor>();
  const skipped: SkippedTensor[] = [];
  let visits = 0;

  const visit = (value: PickleValue, path: string, depth: number): void => {
    if (depth > MOST_DEPTH) throw damaged(`The checkpoint nests deeper than ${MOST_DEPTH} at ${path}.`, { key: path });
    if (++visits > MOST_VISITS) throw damaged(`The checkpoint has more than ${MOST_VISITS} entries.`, { key: path });
    if (value instanceof TensorRef) add(value, path);
    else if (value instanceof ScriptObject) visit(value.attributes, path, depth + 1);
    else if (value instanceof Map) for (const [key, item] of value) visit(item, join(path, String(key)), depth + 1);
    else if (Array.isArray(value)) value.forEach((item, index) => visit(item, join(path, String(index)), depth + 1));
  };

  const add = (tensor: TensorRef, key: string): void => {
    if (tensors.has(key)) throw damaged(`The checkpoint holds two tensors named ${key}.`, { key });
    const dtype = dtypeOf(tensor.storage);
    if (dtype) tensors.set(key, tensorAt(source, key, tensor, dtype, lookup(tensor.storage, key)));
    else skipped.push({ key, type: tensor.storage.type.name, dims: tensor.dims });
  };

  visit(root, '', 0);
  return { tensors, skipped };
}

function join(path: string, key: string): string {
  const joined = path ? `${path}.${key}` : key;
  if (joined.length > LONGEST_KEY)
    throw damaged(`A key of the checkpoint is longer than ${LONGEST_KEY}.`, { key: `${joined.slice(0, 80)}…` });
  return joined;
}
