/** A well-mixed 32-bit number from a place and a seed (integer arithmetic only). */
export function hash(x: number, y: number, seed: number): number {
  let h = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ Math.imul(seed, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Film grain, mean 0 and standard deviation 1: the four bytes of a hash summed are close to a normal distribution. */
export function grain(x: number, y: number, seed: number): number {
  const h = hash(x, y, seed);
  // Four bytes: mean 510, variance 4 * (256 * 256 - 1) / 12.
  return ((h & 255) + ((h >>> 8) & 255) + ((h >>> 16) & 255) + (h >>> 24) - 510) / 147.8;
}

/** Smooth noise from -1 to 1 on a lattice of unit cells. */
export function cloud(x: number, y: number, seed: number): number {
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  const [tx, ty] = [ease(x - x0), ease(y - y0)];
  const top = mix(corner(x0, y0, seed), corner(x0 + 1, y0, seed), tx);
  return mix(top, mix(corner(x0, y0 + 1, seed), corner(x0 + 1, y0 + 1, seed), tx), ty);
}

function corner(x: number, y: number, seed: number): number {
  return hash(x, y, seed) / 0x7fffffff - 1;
}

function ease(t: number): number {
  return t * t * (3 - 2 * t);
}

function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

/** Numbers from 0 to 1, one after the other. */
export function sequence(seed: number): () => number {
  let i = 0;
  return () => hash(++i, 0x5bd1, seed) / 0x100000000;
}
