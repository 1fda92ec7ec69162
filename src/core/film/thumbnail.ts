/** Pixels of a thumbnail's side, unless the input is smaller. */
export const THUMBNAIL_SIDE = 56;

/**
 * A small copy of a model's input (`side * side` grey bytes): each pixel the mean of a rectangle. It is square, as the input is;
 * whoever draws it knows the film's aspect.
 */
export function makeThumbnail(input: Uint8Array): Uint8Array<ArrayBuffer> {
  const side = Math.round(Math.sqrt(input.length));
  const small = Math.min(side, THUMBNAIL_SIDE);
  const edges = Array.from({ length: small + 1 }, (_, i) => Math.floor((i * side) / small));
  const out = new Uint8Array(small * small);
  for (let y = 0; y < small; y++)
    for (let x = 0; x < small; x++) {
      let sum = 0;
      for (let row = edges[y]!; row < edges[y + 1]!; row++)
        for (let column = edges[x]!; column < edges[x + 1]!; column++) sum += input[row * side + column]!;
      out[y * small + x] = Math.round(sum / ((edges[y + 1]! - edges[y]!) * (edges[x + 1]! - edges[x]!)));
    }
  return out;
}
