/** A mask or a film, row by row. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * Structure-preserving anomaly synthesis, its deterministic part (ppad.md section 6, steps 4 and 5): darkens (`k` > 0) or brightens
 * (-1 < `k` < 0) the film inside the lesion by a gamma that grows with the distance from the lesion's edge, so that bones and
 * vessels stay visible.
 *
 * @param film 8-bit grey.
 * @param lesion of the film's size; not 0 inside.
 * @returns the grey bytes of the changed film.
 */
export function synthesiseLesion(film: Plane, lesion: Plane, k: number): Uint8Array {
  if (film.width !== lesion.width || film.height !== lesion.height) throw new RangeError('Film and lesion differ in size.');
  const distances = distanceToOutside(lesion);
  const deepest = distances.reduce((a, b) => Math.max(a, b), 0);
  return film.data.map((grey, i) => {
    const distance = distances[i] ?? 0;
    // The inner boundary, the pixels next to the outside, keeps its grey as the outside does.
    if (distance <= 1 || !Number.isFinite(deepest)) return grey;
    const gamma = 1 + (distance / deepest) * k;
    return Math.floor(Math.min(255, Math.max(0, 255 * (grey / 255) ** gamma)));
  });
}

/**
 * Euclidean distance of every pixel to the nearest one that is 0, exact: squared distances along columns, then the lower envelope
 * of parabolas along rows (Felzenszwalb and Huttenlocher, 2012). Infinite if there is none.
 */
export function distanceToOutside({ width, height, data }: Plane): Float64Array {
  const squared = Float64Array.from(data, (value) => (value === 0 ? 0 : Infinity));
  const line = new Float64Array(Math.max(width, height));
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) line[y] = squared[y * width + x] ?? 0;
    envelope(line, height).forEach((value, y) => (squared[y * width + x] = value));
  }
  for (let y = 0; y < height; y++) {
    line.set(squared.subarray(y * width, (y + 1) * width));
    squared.set(envelope(line, width), y * width);
  }
  return squared.map(Math.sqrt);
}

/** `min over q of (p - q)^2 + line[q]` for every p below `length`. */
function envelope(line: Float64Array, length: number): Float64Array {
  const result = new Float64Array(length).fill(Infinity);
  // Parabolas of the lower envelope by their vertex, each from where on it is the lowest.
  const vertices: number[] = [];
  const starts: number[] = [];
  for (let q = 0; q < length; q++) {
    const height = line[q] ?? Infinity;
    if (height === Infinity) continue;
    let start = -Infinity;
    while (vertices.length > 0) {
      const last = vertices.at(-1) ?? 0;
      start = (height + q * q - ((line[last] ?? 0) + last * last)) / (2 * (q - last));
      if (start > (starts.at(-1) ?? -Infinity)) break;
      vertices.pop();
      starts.pop();
      start = -Infinity;
    }
    vertices.push(q);
    starts.push(start);
  }
  let i = 0;
  for (let p = 0; p < length && vertices.length > 0; p++) {
    while ((starts[i + 1] ?? Infinity) < p) i++;
    const q = vertices[i] ?? 0;
    result[p] = (p - q) ** 2 + (line[q] ?? 0);
  }
  return result;
}
