import { create, toBinary } from '@bufbuild/protobuf';
import { sizeOf } from '../torch/tensor.js';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProto_DataLocation as DataLocation,
  TensorProtoSchema,
  ValueInfoProtoSchema,
  type AttributeProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './onnx_pb.js';
import { WeightLayout, type Storage, type WeightFile } from './weight-file.js';

/** `TensorProto.DataType` of ONNX. */
const FLOAT = 1;
const INT32 = 6;
const INT64 = 7;
const BOOL = 9;
const FLOAT16 = 10;

/** LayerNormalization came with 17; the runtimes that we use know all later ones too. */
const OPSET = 17n;
const IR_VERSION = 8n;

/** The name of a value in the graph. */
export type Value = string & { readonly __value: unique symbol };

/** Integers become `INT`/`INTS`, `{ float }` a `FLOAT`. */
export type Attributes = Readonly<Record<string, number | readonly number[] | { readonly float: number }>>;

export interface WeightOptions {
  /** Overrides the graph's storage: vectors stay float32, they weigh nothing. */
  readonly storage?: Storage;
}

export interface GraphOptions {
  /** `float16` halves the weight file; the arithmetic is float32 either way. */
  readonly storage: Storage;
  /** The name of the weight file that the model points to. */
  readonly weightsPath: string;
}

/** A graph and the layout of its weights. */
export interface BuiltGraph {
  readonly model: Uint8Array;
  readonly weights: WeightFile;
}

/** Builds one ONNX model whose weights lie in one external file. Values are named by their node, nodes by what they compute. */
export class GraphWriter {
  readonly #name: string;
  readonly #storage: Storage;
  readonly #path: string;
  readonly #nodes: NodeProto[] = [];
  readonly #initializers: TensorProto[] = [];
  readonly #inputs: ValueInfoProto[] = [];
  readonly #outputs: ValueInfoProto[] = [];
  readonly #layout = new WeightLayout();
  readonly #used = new Set<string>();

  constructor(name: string, options: GraphOptions) {
    this.#name = name;
    this.#storage = options.storage;
    this.#path = options.weightsPath;
  }

  /** A float32 input; a dimension that is a word is free. */
  input(name: string, dims: readonly (number | string)[]): Value {
    this.#inputs.push(valueInfo(name, dims));
    return this.#claim(name);
  }

  /** Names `value` as the graph's output. */
  output(name: string, value: Value, dims: readonly (number | string)[]): void {
    this.#push('Identity', [value], this.#claim(name), {});
    this.#outputs.push(valueInfo(name, dims));
  }

  /** One operator with one output. */
  node(operator: string, name: string, inputs: readonly Value[], attributes: Attributes = {}): Value {
    const output = this.#claim(name);
    this.#push(operator, inputs, output, attributes);
    return output;
  }

  /** One operator with several outputs, named `name.0`, `name.1` and so on. */
  nodes(operator: string, name: string, count: number, inputs: readonly Value[], attributes: Attributes = {}): readonly Value[] {
    const outputs = Array.from({ length: count }, (_, i) => this.#claim(`${name}.${i}`));
    this.#nodes.push(nodeProto(operator, name, inputs, outputs, attributes));
    return outputs;
  }

  /** A tensor of the weight file, as float32: what is stored as float16 passes a Cast that runtimes fold when they open the model. */
  weight(name: string, dims: readonly number[], produce: () => Promise<Float32Array>, options: WeightOptions = {}): Value {
    const storage = options.storage ?? (dims.length > 1 ? this.#storage : 'float32');
    const place = this.#layout.add(dims, storage, produce);
    const value = this.#claim(storage === 'float16' ? `${name}.half` : name);
    const external = { location: this.#path, offset: String(place.offset), length: String(place.bytes) };
    this.#initializers.push(
      create(TensorProtoSchema, {
        name: value,
        dims: dims.map(BigInt),
        dataType: storage === 'float16' ? FLOAT16 : FLOAT,
        dataLocation: DataLocation.EXTERNAL,
        externalData: Object.entries(external).map(([key, entry]) => ({ key, value: entry })),
      }),
    );
    return storage === 'float16' ? this.node('Cast', name, [value], { to: FLOAT }) : value;
  }

  /** Small float32 constants, kept inside the model. */
  floats(name: string, dims: readonly number[], values: Float32Array): Value {
    return this.#constant(name, dims, FLOAT, new Uint8Array(values.slice().buffer));
  }

  /** A vector of int64 constants: shapes, axes, bounds. */
  ints(name: string, values: readonly number[]): Value {
    return this.#constant(name, [values.length], INT64, new Uint8Array(BigInt64Array.from(values, BigInt).buffer));
  }

  /** A vector of int32 constants: indices, which WebGPU has as 32 bits. */
  indices(name: string, values: readonly number[]): Value {
    return this.#constant(name, [values.length], INT32, new Uint8Array(Int32Array.from(values).buffer));
  }

  toBool(name: string, value: Value): Value {
    return this.node('Cast', name, [value], { to: BOOL });
  }

  finish(): BuiltGraph {
    const model = create(ModelProtoSchema, {
      irVersion: IR_VERSION,
      producerName: 'ppad-web',
      opsetImport: [{ domain: '', version: OPSET }],
      graph: {
        name: this.#name,
        node: this.#nodes,
        initializer: this.#initializers,
        input: this.#inputs,
        output: this.#outputs,
      },
    });
    return { model: toBinary(ModelProtoSchema, model), weights: this.#layout.finish(this.#path) };
  }

  #constant(name: string, dims: readonly number[], dataType: number, rawData: Uint8Array): Value {
    const value = this.#claim(name);
    if (rawData.byteLength !== sizeOf(dims) * (dataType === INT64 ? 8 : 4))
      throw new RangeError(`The constant ${name} does not fill its shape.`);
    this.#initializers.push(create(TensorProtoSchema, { name: value, dims: dims.map(BigInt), dataType, rawData }));
    return value;
  }

  #push(operator: string, inputs: readonly Value[], output: Value, attributes: Attributes): void {
    this.#nodes.push(nodeProto(operator, output, inputs, [output], attributes));
  }

  #claim(name: string): Value {
    if (this.#used.has(name)) throw new RangeError(`The graph has two values named ${name}.`);
    this.#used.add(name);
    return name as Value;
  }
}

function nodeProto(
  operator: string,
  name: string,
  inputs: readonly Value[],
  outputs: readonly Value[],
  attributes: Attributes,
): NodeProto {
  const attribute = Object.entries(attributes).map(([key, value]) => attributeProto(key, value));
  return create(NodeProtoSchema, { opType: operator, name, input: [...inputs], output: [...outputs], attribute });
}

function attributeProto(name: string, value: Attributes[string]): AttributeProto {
  if (typeof value === 'number') return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) });
  if (value && 'float' in value) return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: (value ?? []).map(BigInt) });
}

function valueInfo(name: string, dims: readonly (number | string)[]): ValueInfoProto {
  const dim = dims.map((size) => ({
    value:
      typeof size === 'number' ? { case: 'dimValue' as const, value: BigInt(size) } : { case: 'dimParam' as const, value: size },
  }));
  return create(ValueInfoProtoSchema, { name, type: { tensorType: { elemType: FLOAT, shape: { dim } } } });
}
