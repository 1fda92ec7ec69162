/** A torch storage class that this reader knows: name and element size. */
export interface StorageType {
  /** As torch names it: `FloatStorage`. */
  readonly name: string;
  readonly bytesPerElement: number;
}

/** A name from the allow-list. Nothing runs: `call` makes data of data. */
export class AllowedGlobal {
  constructor(
    readonly name: string,
    readonly call: ((args: readonly PickleValue[]) => PickleValue | undefined) | undefined,
    readonly storage: StorageType | undefined,
  ) {}
}

/** An object of a TorchScript archive: its class is not looked at, only its attributes. */
export class ScriptObject {
  attributes: PickleValue = null;
}

/** What a persistent id names: elements `[from, from + count)` of the storage `key`, which holds `total`. */
export class StorageRef {
  constructor(
    readonly type: StorageType,
    readonly key: string,
    readonly total: number,
    readonly from: number,
    readonly count: number,
  ) {}
}

/** A tensor as the file describes it, not yet compared with its storage. */
export class TensorRef {
  constructor(
    readonly storage: StorageRef,
    readonly offset: number,
    readonly dims: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

export type PickleKey = string | number | bigint | boolean | null;

/** Lists, tuples and sets are arrays; every dictionary is a Map. */
export type PickleValue =
  PickleKey | Uint8Array | PickleValue[] | PickleDict | AllowedGlobal | ScriptObject | StorageRef | TensorRef;

export type PickleDict = Map<PickleKey, PickleValue>;
