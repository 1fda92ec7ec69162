import { ByteCursor } from './byte-cursor.js';
import { damaged } from './fault.js';
import { allowedGlobal } from './globals.js';
import { AllowedGlobal, ScriptObject, TensorRef, type PickleKey, type PickleValue } from './pickle-value.js';

// Far above what torch writes (a ViT-L/14 has 600 tensors: 20,000 steps, a stack of some hundred), low enough that the
// worst file ends within a second or two.
const MOST_WORK = 1_000_000;
const MOST_STACK = 200_000;
// A dictionary or object costs some 200 bytes, a call copies a shape: they count as several steps.
const CONTAINER_WORK = 8;
const MOST_MARKS = 1_000;
const MOST_TEXT = 1 << 16;
// 64-bit integers and torch's 80-bit magic number.
const MOST_INTEGER_BYTES = 16;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Stack, marks and memo of a pickle, each bounded. What the bytes say is done by `pickle.ts`. */
export class PickleMachine {
  readonly cursor: ByteCursor;
  readonly #stack: PickleValue[] = [];
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, PickleValue>();
  #work = 0;

  constructor(
    bytes: Uint8Array,
    base: number,
    readonly script: boolean,
  ) {
    this.cursor = new ByteCursor(bytes, base);
  }

  /** Counts steps and the elements that they copy: the time limit of the whole reading. */
  spend(steps: number): void {
    this.#work += steps;
    if (this.#work > MOST_WORK) throw this.fault(`takes more than ${MOST_WORK} steps`);
  }

  fault(fact: string): Error {
    return damaged(`The pickle ${fact} (offset ${this.cursor.offset}).`, { offset: this.cursor.offset });
  }

  push(value: PickleValue): void {
    if (this.#stack.length >= MOST_STACK) throw this.fault('stacks too much');
    this.#stack.push(value);
  }

  pop(): PickleValue {
    const value = this.#stack.length > (this.#marks.at(-1) ?? 0) ? this.#stack.pop() : undefined;
    if (value === undefined) throw this.fault('takes from an empty stack');
    return value;
  }

  top(): PickleValue {
    const value = this.#stack.length > (this.#marks.at(-1) ?? 0) ? this.#stack.at(-1) : undefined;
    if (value === undefined) throw this.fault('looks at an empty stack');
    return value;
  }

  mark(): void {
    if (this.#marks.length >= MOST_MARKS) throw this.fault(`nests deeper than ${MOST_MARKS}`);
    this.#marks.push(this.#stack.length);
  }

  popToMark(): PickleValue[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw this.fault('has no mark where one is asked for');
    return this.#stack.splice(mark);
  }

  remember(index: number): void {
    this.#memo.set(index, this.top());
  }

  rememberNext(): void {
    this.remember(this.#memo.size);
  }

  recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw this.fault(`recalls entry ${index}, which was never stored`);
    this.push(value);
  }

  text(length: number): string {
    if (length > MOST_TEXT) throw this.fault(`has a text of ${length} bytes`);
    try {
      return utf8.decode(this.cursor.view(length));
    } catch (cause) {
      if (cause instanceof TypeError) throw this.fault('has a text that is not UTF-8');
      throw cause;
    }
  }

  latin1(length: number): string {
    if (length > MOST_TEXT) throw this.fault(`has a text of ${length} bytes`);
    return Array.from(this.cursor.view(length), (byte) => String.fromCharCode(byte)).join('');
  }

  /** Up to the next line feed, which is left out. */
  line(): string {
    const rest = this.cursor.bytes.subarray(this.cursor.position, this.cursor.position + 512);
    const length = rest.indexOf(10);
    // Where the bytes end first, `take` says so; where they don't, no name is that long.
    if (length < 0) this.cursor.take(513);
    if (length < 0) throw this.fault('has a name that is too long');
    const text = this.text(length);
    this.cursor.take(1);
    return text;
  }

  /** Two's complement, little-endian: a number where it is exact, else a bigint. */
  integer(length: number): number | bigint {
    if (length > MOST_INTEGER_BYTES) throw this.fault(`has an integer of ${length} bytes`);
    const bytes = this.cursor.view(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] ?? 0);
    if (length > 0 && (bytes[length - 1] ?? 0) & 0x80) value -= 1n << BigInt(8 * length);
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  pushGlobal(module: string, name: string): void {
    this.push(allowedGlobal(module, name, this.cursor.offset, this.script));
  }

  /** `REDUCE` and its kin: data made of data by an allowed global. */
  call(callee: PickleValue, args: PickleValue): void {
    if (!(callee instanceof AllowedGlobal)) throw this.fault('calls what is not a name');
    if (!Array.isArray(args)) throw this.fault(`calls ${callee.name} without a tuple`);
    this.spend(CONTAINER_WORK);
    if (callee.call && Array.isArray(args[0])) this.spend(args[0].length);
    const value = callee.call?.(args);
    if (value === undefined) throw this.fault(`calls ${callee.name} with arguments that do not fit`);
    this.push(value);
  }

  pushDict(pairs: PickleValue[]): void {
    this.spend(CONTAINER_WORK);
    this.push(new Map());
    this.setItems(pairs);
  }

  /** `BUILD`: attributes of a dictionary (`_metadata`) or a tensor are left out, those of a script object are its content. */
  build(): void {
    const state = this.pop();
    const target = this.top();
    if (target instanceof ScriptObject) target.attributes = state;
    else if (!(target instanceof Map) && !(target instanceof TensorRef)) throw this.fault('sets attributes of what has none');
  }

  append(values: PickleValue[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw this.fault('appends to what is not a list');
    for (const value of values) list.push(value);
  }

  setItems(pairs: PickleValue[]): void {
    const dict = this.top();
    if (!(dict instanceof Map)) throw this.fault('sets an item of what is not a dictionary');
    if (pairs.length % 2) throw this.fault('sets a key without a value');
    for (let i = 0; i < pairs.length; i += 2) {
      const key = pairs[i] ?? null;
      if (!isKey(key)) throw this.fault('has a dictionary key that is neither text nor number');
      dict.set(key, pairs[i + 1] ?? null);
    }
  }
}

function isKey(value: PickleValue): value is PickleKey {
  return value === null || typeof value !== 'object';
}
