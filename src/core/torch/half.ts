import type { DType } from './tensor.js';

const scratch = new DataView(new ArrayBuffer(4));

/** Bytes of one element. */
export const BYTES_PER_ELEMENT: Readonly<Record<DType, number>> = { float32: 4, float16: 2, bfloat16: 2, int64: 8, int32: 4 };

/** IEEE 754 binary16 bits of the float32 value, rounded to nearest even; beyond 65519.99 it is infinity. */
export function float16Bits(value: number): number {
  scratch.setFloat32(0, value);
  const bits = scratch.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude >= 0x7f800000) return sign | 0x7c00 | (magnitude > 0x7f800000 ? 0x200 : 0);
  // 0x477ff000 is 65520, halfway between the largest finite half and the next step: ties go to even, which is infinity here.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    // Below 2^-14 halves are multiples of 2^-24. Adding 0.5 in float32 makes the hardware round to that multiple.
    scratch.setUint32(0, magnitude);
    scratch.setFloat32(0, scratch.getFloat32(0) + 0.5);
    return sign | (scratch.getUint32(0) - 0x3f000000);
  }
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}

/** Upper 16 bits of the float32 value, rounded to nearest even. */
export function bfloat16Bits(value: number): number {
  scratch.setFloat32(0, value);
  const bits = scratch.getUint32(0);
  if ((bits & 0x7fffffff) > 0x7f800000) return (bits >>> 16) | 0x40;
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

let halfTable: Float32Array | undefined;

/** Every half as float32, by its bits: a table of 256 KB makes reading 150 M halves a look-up each. */
function float16Table(): Float32Array {
  if (halfTable) return halfTable;
  const table = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 0x3ff;
    const sign = bits & 0x8000 ? -1 : 1;
    if (exponent === 0) table[bits] = sign * fraction * 2 ** -24;
    else if (exponent === 31) table[bits] = fraction ? NaN : sign * Infinity;
    else table[bits] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  halfTable = table;
  return table;
}

/** Halves to float32, exact. */
export function float16ToFloat32(bits: Uint16Array): Float32Array {
  const table = float16Table();
  const values = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) values[i] = table[bits[i] ?? 0] ?? 0;
  return values;
}

/** Float32 to halves, rounded to nearest even. */
export function float32ToFloat16(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length);
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const magnitude = word & 0x7fffffff;
    // What a weight is nearly always: see `float16Bits` for the rest. Written out, since 88 million are rounded of one tower.
    if (magnitude >= 0x38800000 && magnitude < 0x477ff000)
      halves[i] = ((word >>> 16) & 0x8000) | ((magnitude + 0xfff + ((magnitude >>> 13) & 1) - 0x38000000) >>> 13);
    else halves[i] = float16Bits(values[i]!);
  }
  return halves;
}

/** bfloat16 to float32, exact. */
export function bfloat16ToFloat32(bits: Uint16Array): Float32Array {
  const wide = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) wide[i] = (bits[i] ?? 0) << 16;
  return new Float32Array(wide.buffer);
}

/** Float32 to bfloat16, rounded to nearest even. */
export function float32ToBfloat16(values: Float32Array): Uint16Array {
  const bits = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) bits[i] = bfloat16Bits(values[i] ?? 0);
  return bits;
}

/**
 * Little-endian bytes of `dtype` as float32 (integers rounded to it). `bytes.byteLength` must be a multiple of the element's
 * size; a rest is left out.
 */
export function decodeElements(dtype: DType, bytes: Uint8Array): Float32Array {
  const size = BYTES_PER_ELEMENT[dtype];
  // A copy: views need alignment, and the source's bytes may be shared. Not by slice(), which Node's Buffer makes a view.
  const copy = new Uint8Array(bytes.byteLength - (bytes.byteLength % size));
  copy.set(bytes.subarray(0, copy.byteLength));
  const own = copy.buffer;
  switch (dtype) {
    case 'float32':
      return new Float32Array(own);
    case 'float16':
      return float16ToFloat32(new Uint16Array(own));
    case 'bfloat16':
      return bfloat16ToFloat32(new Uint16Array(own));
    case 'int32':
      return Float32Array.from(new Int32Array(own));
    case 'int64':
      return Float32Array.from(new BigInt64Array(own), Number);
  }
}

/**
 * Decodes little-endian bytes of `dtype` into `values` from element `at` on.
 *
 * @returns how many elements there were.
 */
export function decodeInto(values: Float32Array, at: number, dtype: DType, bytes: Uint8Array): number {
  if (dtype === 'float32') {
    // Copied once: `decodeElements` would make a copy of its own.
    const count = Math.floor(bytes.byteLength / 4);
    new Uint8Array(values.buffer, values.byteOffset + 4 * at, 4 * count).set(bytes.subarray(0, 4 * count));
    return count;
  }
  const decoded = decodeElements(dtype, bytes);
  values.set(decoded, at);
  return decoded.length;
}
