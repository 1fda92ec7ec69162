import { AppError } from '../errors.js';
import { AllowedGlobal, ScriptObject, StorageRef, TensorRef, type PickleKey, type PickleValue } from './pickle-value.js';

type Call = (args: readonly PickleValue[]) => PickleValue | undefined;

const STORAGES: Readonly<Record<string, number>> = {
  FloatStorage: 4,
  HalfStorage: 2,
  BFloat16Storage: 2,
  DoubleStorage: 8,
  LongStorage: 8,
  IntStorage: 4,
  ShortStorage: 2,
  CharStorage: 1,
  ByteStorage: 1,
  BoolStorage: 1,
};

const DTYPES = ['float32', 'float16', 'bfloat16', 'float64', 'int64', 'int32', 'int16', 'int8', 'uint8', 'bool'];

// More dimensions than any model has, fewer than would make one tensor's description a burden.
const MOST_DIMS = 8;

const first: Call = (args) => args[0];
const firstList: Call = (args) => (args.length === 0 ? [] : Array.isArray(args[0]) ? args[0] : undefined);
const firstTensor: Call = (args) => (args[0] instanceof TensorRef ? args[0] : undefined);

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isShape(value: PickleValue | undefined): value is number[] {
  return Array.isArray(value) && value.length <= MOST_DIMS && value.every(isCount);
}

/** `(storage, offset, size, stride, ...)`: what follows (requires_grad, hooks, metadata) says nothing about the values. */
function rebuildTensor(args: readonly PickleValue[]): TensorRef | undefined {
  const [storage, offset, dims, strides] = args;
  if (!(storage instanceof StorageRef) || !isCount(offset) || !isShape(dims) || !isShape(strides)) return undefined;
  return dims.length === strides.length ? new TensorRef(storage, offset, dims.slice(), strides.slice()) : undefined;
}

/** `(rebuild, type, args, state)`: a tensor that carries Python attributes, which are left out. */
function rebuildFromType(args: readonly PickleValue[]): PickleValue | undefined {
  const [rebuild, , rebuildArgs] = args;
  if (!(rebuild instanceof AllowedGlobal) || rebuild.call === rebuildFromType || !Array.isArray(rebuildArgs)) return undefined;
  return rebuild.call?.(rebuildArgs);
}

/** Python 2 wrote an ordered dictionary as the list of its pairs. torch's lists are short; longer ones are refused. */
function orderedDict(args: readonly PickleValue[]): PickleValue | undefined {
  const dict = new Map<PickleKey, PickleValue>();
  if (args.length === 0) return dict;
  const pairs = args[0];
  if (!Array.isArray(pairs) || pairs.length > 4096) return undefined;
  for (const pair of pairs) {
    if (!Array.isArray(pair) || pair.length !== 2 || typeof pair[0] !== 'string') return undefined;
    dict.set(pair[0], pair[1] ?? null);
  }
  return dict;
}

const CALLS: readonly (readonly [module: string, name: string, call: Call | undefined])[] = [
  ['collections', 'OrderedDict', orderedDict],
  ['torch._utils', '_rebuild_tensor', rebuildTensor],
  ['torch._utils', '_rebuild_tensor_v2', rebuildTensor],
  ['torch._utils', '_rebuild_parameter', firstTensor],
  ['torch._utils', '_rebuild_parameter_with_state', firstTensor],
  ['torch._tensor', '_rebuild_from_type_v2', rebuildFromType],
  ['torch', 'Tensor', undefined],
  ['torch', 'Size', firstList],
  ['torch', 'device', first],
  ['torch.nn.parameter', 'Parameter', undefined],
  ['torch.jit._pickle', 'build_intlist', first],
  ['torch.jit._pickle', 'build_doublelist', first],
  ['torch.jit._pickle', 'build_boollist', first],
  ['torch.jit._pickle', 'build_tensorlist', first],
  ['torch.jit._pickle', 'restore_type_tag', first],
  ['builtins', 'set', firstList],
  ['__builtin__', 'set', firstList],
  // Protocol 2 has no bytes: it stores text and asks for its Latin-1 bytes. Nobody here needs them, the text is as good.
  ['_codecs', 'encode', first],
];

const ALLOWED: ReadonlyMap<string, AllowedGlobal> = new Map([
  ...CALLS.map(([module, name, call]) => entry(module, name, new AllowedGlobal(`${module}.${name}`, call, undefined))),
  ...DTYPES.map((name) => entry('torch', name, new AllowedGlobal(`torch.${name}`, undefined, undefined))),
  ...Object.entries(STORAGES).map(([name, bytesPerElement]) =>
    entry('torch', name, new AllowedGlobal(`torch.${name}`, undefined, { name, bytesPerElement })),
  ),
]);

function entry(module: string, name: string, allowed: AllowedGlobal): [string, AllowedGlobal] {
  return [`${module}\n${name}`, allowed];
}

const SCRIPT_CLASS = new AllowedGlobal('__torch__', () => new ScriptObject(), undefined);

/**
 * The data behind a global of the pickle. `script`: the file is a TorchScript archive, whose own classes (`__torch__...`)
 * are read as bare attributes.
 *
 * @throws AppError `CHECKPOINT_FORBIDDEN`, naming it, for whatever is not on the list.
 */
export function allowedGlobal(module: string, name: string, offset: number, script: boolean): AllowedGlobal {
  const allowed = ALLOWED.get(`${module}\n${name}`);
  if (allowed) return allowed;
  if (script && /^__torch__($|\.)/.test(module)) return SCRIPT_CLASS;
  const shown = printable(`${module}.${name}`);
  throw new AppError('CHECKPOINT_FORBIDDEN', `The file asks for ${shown}, which is not data of a checkpoint.`, {
    global: shown,
    offset,
  });
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
}

/**
 * The storage that a persistent id describes: `('storage', type, key, location, count)`, in old files with a sixth entry,
 * `(view key, from, count)`. Undefined if it describes none.
 */
export function storageOf(id: PickleValue): StorageRef | undefined {
  if (!Array.isArray(id) || id[0] !== 'storage') return undefined;
  const [, type, key, , total, view] = id;
  if (!(type instanceof AllowedGlobal) || !type.storage || typeof key !== 'string' || key.length > 100 || !isCount(total))
    return undefined;
  if (view === undefined || view === null) return new StorageRef(type.storage, key, total, 0, total);
  if (!Array.isArray(view)) return undefined;
  const [, from, count] = view;
  return isCount(from) && isCount(count) && from + count <= total
    ? new StorageRef(type.storage, key, total, from, count)
    : undefined;
}
