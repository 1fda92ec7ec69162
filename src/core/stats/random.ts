/** A seeded stream of 32-bit numbers: xoshiro128** (Blackman, Vigna), its state filled by SplitMix32. Not for secrets. */
export interface Random {
  /** The next number, `0 <= n < 2^32`. */
  next(): number;
  /** A whole number in `[0, count)`, each equally likely. `count` is at most 2^21. */
  below(count: number): number;
}

const RANGE = 2 ** 32;

/** The same seed gives the same numbers, on every machine. Only the seed's lower 32 bits count. */
export function createRandom(seed: number): Random {
  const split = splitMix32(seed);
  const state = Uint32Array.of(split(), split(), split(), split());
  const next = () => step(state);
  return { next, below: (count) => drawBelow(next, count) };
}

/** SplitMix32 (the finaliser of MurmurHash3 with better constants): spreads one number over a state. */
function splitMix32(seed: number): () => number {
  let counter = seed >>> 0;
  return () => {
    counter = (counter + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(counter ^ (counter >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function step(state: Uint32Array): number {
  // By index: destructuring a typed array runs its iterator, twenty times slower.
  const a = state[0]!;
  const b = state[1]!;
  const c = state[2]! ^ a;
  const d = state[3]! ^ b;
  state[0] = a ^ d;
  state[1] = b ^ c;
  state[2] = c ^ (b << 9);
  state[3] = rotate(d, 11);
  return Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
}

/**
 * Lemire's method: the upper part of a product, drawn again where the lower part would favour some numbers. The remainder that
 * says so is computed only where it could matter: a bootstrap draws millions of numbers.
 */
function drawBelow(next: () => number, count: number): number {
  for (;;) {
    // Exact: 32 bits times 21 bits.
    const product = next() * count;
    const upper = Math.floor(product / RANGE);
    const lower = product - upper * RANGE;
    if (lower >= count || lower >= RANGE % count) return upper;
  }
}
