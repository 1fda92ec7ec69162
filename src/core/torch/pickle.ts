import { unsupported } from './fault.js';
import { storageOf } from './globals.js';
import { PickleMachine } from './pickle-machine.js';
import type { PickleValue } from './pickle-value.js';

type Step = (m: PickleMachine) => void;

const STOP = 0x2e;
const NEWEST_PROTOCOL = 5;

function protocol(m: PickleMachine): void {
  const version = m.cursor.uint8();
  if (version > NEWEST_PROTOCOL)
    throw unsupported(`The pickle has protocol ${version}, up to ${NEWEST_PROTOCOL} are read.`, { protocol: version });
}

/** The announced frame lies within the bytes; its steps are read like any other. */
function frame(m: PickleMachine): void {
  const length = m.cursor.uint64();
  m.cursor.take(length);
  m.cursor.position -= length;
}

function persistentId(m: PickleMachine): void {
  const storage = storageOf(m.pop());
  if (!storage) throw m.fault('has a persistent id that is no storage');
  m.push(storage);
}

function stackGlobal(m: PickleMachine): void {
  const name = m.pop();
  const module = m.pop();
  if (typeof name !== 'string' || typeof module !== 'string') throw m.fault('names a global by what is not text');
  m.pushGlobal(module, name);
}

function callWithKeywords(m: PickleMachine): void {
  const keywords = m.pop();
  if (!(keywords instanceof Map) || keywords.size > 0) throw m.fault('calls with keywords');
  reduce(m);
}

function reduce(m: PickleMachine): void {
  const args = m.pop();
  m.call(m.pop(), args);
}

function tuple(m: PickleMachine, length: number): void {
  const items: PickleValue[] = [];
  for (let i = 0; i < length; i++) items.unshift(m.pop());
  m.push(items);
}

function setItem(m: PickleMachine): void {
  const value = m.pop();
  m.setItems([m.pop(), value]);
}

/** The steps of protocols 2 to 5 as Python's `pickletools` names them; those of text protocols 0 and 1 torch never writes. */
const STEPS: ReadonlyMap<number, Step> = new Map<number, Step>([
  [0x80, protocol],
  [0x95, frame],
  // constants and numbers: NONE, NEWTRUE, NEWFALSE, BININT, BININT1, BININT2, LONG1, LONG4, BINFLOAT
  [0x4e, (m) => m.push(null)],
  [0x88, (m) => m.push(true)],
  [0x89, (m) => m.push(false)],
  [0x4a, (m) => m.push(m.cursor.int32())],
  [0x4b, (m) => m.push(m.cursor.uint8())],
  [0x4d, (m) => m.push(m.cursor.uint16())],
  [0x8a, (m) => m.push(m.integer(m.cursor.uint8()))],
  [0x8b, (m) => m.push(m.integer(m.cursor.uint32()))],
  [0x47, (m) => m.push(m.cursor.float64())],
  // text: BINUNICODE, SHORT_BINUNICODE, BINUNICODE8; of Python 2: BINSTRING, SHORT_BINSTRING
  [0x58, (m) => m.push(m.text(m.cursor.uint32()))],
  [0x8c, (m) => m.push(m.text(m.cursor.uint8()))],
  [0x8d, (m) => m.push(m.text(m.cursor.uint64()))],
  [0x54, (m) => m.push(m.latin1(m.cursor.uint32()))],
  [0x55, (m) => m.push(m.latin1(m.cursor.uint8()))],
  // bytes: BINBYTES, SHORT_BINBYTES, BINBYTES8, BYTEARRAY8
  [0x42, (m) => m.push(m.cursor.view(m.cursor.uint32()))],
  [0x43, (m) => m.push(m.cursor.view(m.cursor.uint8()))],
  [0x8e, (m) => m.push(m.cursor.view(m.cursor.uint64()))],
  [0x96, (m) => m.push(m.cursor.view(m.cursor.uint64()))],
  // tuples: MARK, TUPLE, EMPTY_TUPLE, TUPLE1, TUPLE2, TUPLE3
  [0x28, (m) => m.mark()],
  [0x74, (m) => m.push(m.popToMark())],
  [0x29, (m) => m.push([])],
  [0x85, (m) => tuple(m, 1)],
  [0x86, (m) => tuple(m, 2)],
  [0x87, (m) => tuple(m, 3)],
  // lists and sets: EMPTY_LIST, LIST, APPEND, APPENDS, EMPTY_SET, ADDITEMS, FROZENSET
  [0x5d, (m) => m.push([])],
  [0x6c, (m) => m.push(m.popToMark())],
  [0x61, (m) => m.append([m.pop()])],
  [0x65, (m) => m.append(m.popToMark())],
  [0x8f, (m) => m.push([])],
  [0x90, (m) => m.append(m.popToMark())],
  [0x91, (m) => m.push(m.popToMark())],
  // dictionaries: EMPTY_DICT, DICT, SETITEM, SETITEMS
  [0x7d, (m) => m.pushDict([])],
  [0x64, (m) => m.pushDict(m.popToMark())],
  [0x73, setItem],
  [0x75, (m) => m.setItems(m.popToMark())],
  // stack and memo: POP, DUP, POP_MARK, BINPUT, LONG_BINPUT, MEMOIZE, BINGET, LONG_BINGET
  [0x30, (m) => void m.pop()],
  [0x32, (m) => m.push(m.top())],
  [0x31, (m) => void m.popToMark()],
  [0x71, (m) => m.remember(m.cursor.uint8())],
  [0x72, (m) => m.remember(m.cursor.uint32())],
  [0x94, (m) => m.rememberNext()],
  [0x68, (m) => m.recall(m.cursor.uint8())],
  [0x6a, (m) => m.recall(m.cursor.uint32())],
  // objects: GLOBAL, STACK_GLOBAL, REDUCE, NEWOBJ, NEWOBJ_EX, BUILD, BINPERSID
  [0x63, (m) => m.pushGlobal(m.line(), m.line())],
  [0x93, stackGlobal],
  [0x52, reduce],
  [0x81, reduce],
  [0x92, callWithKeywords],
  [0x62, (m) => m.build()],
  [0x51, persistentId],
]);

/**
 * One pickle, read as data: no code of the file runs and no name outside the allow-list of `globals.ts` is accepted.
 *
 * @param base offset of `bytes` in the file, for errors
 * @param script whether classes of a TorchScript archive may occur
 * @returns the value and the number of bytes it took
 * @throws AppError `CHECKPOINT_INVALID` with the offset (where the bytes end too early, `endsEarly` tells),
 * `CHECKPOINT_FORBIDDEN` with the global's name, `CHECKPOINT_UNSUPPORTED` for a later protocol.
 */
export function readPickle(
  bytes: Uint8Array,
  base = 0,
  script = false,
): { readonly value: PickleValue; readonly length: number } {
  const machine = new PickleMachine(bytes, base, script);
  for (;;) {
    machine.spend(1);
    const code = machine.cursor.uint8();
    if (code === STOP) return { value: machine.pop(), length: machine.cursor.position };
    const step = STEPS.get(code);
    if (!step) throw machine.fault(`has the unknown step 0x${code.toString(16)}`);
    step(machine);
  }
}
