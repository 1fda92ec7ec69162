/**
 * Drawing for the phantom in plain arithmetic (+, -, *, /, square roots): IEEE 754 rounds those alike everywhere, so each
 * JavaScript engine gives the same bytes. Sine, exponential and power are left to engines, so they are not used.
 * Coordinates are fractions of the film: u to the right, v down.
 */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

export type Curve = (at: number) => number;

/** A smooth curve through points `[at, value]` in ascending order (cubic Hermite, slopes of the neighbours); flat outside. */
export function curveThrough(points: readonly (readonly [at: number, value: number])[]): Curve {
  const slope = (i: number): number => {
    const before = points[Math.max(i - 1, 0)]!;
    const after = points[Math.min(i + 1, points.length - 1)]!;
    return (after[1] - before[1]) / (after[0] - before[0]);
  };
  return (at) => {
    let i = 0;
    while (i + 2 < points.length && points[i + 1]![0] < at) i++;
    const [x0, y0] = points[i]!;
    const [x1, y1] = points[i + 1]!;
    if (at <= x0) return y0;
    if (at >= x1) return y1;
    const span = x1 - x0;
    const t = (at - x0) / span;
    const s = 1 - t;
    return s * s * (y0 * (1 + 2 * t) + slope(i) * span * t) + t * t * (y1 * (1 + 2 * s) - slope(i + 1) * span * s);
  };
}

/** 0 below -soft, 1 above soft, smooth between. */
export function step(distance: number, soft: number): number {
  if (distance <= -soft) return 0;
  if (distance >= soft) return 1;
  const t = (distance + soft) / (2 * soft);
  return t * t * (3 - 2 * t);
}

/** Adds to every pixel what `value` gives for its place; `row` prepares what depends on v alone. */
export function paint<Row>(canvas: Canvas, row: (v: number) => Row, value: (u: number, v: number, row: Row) => number): void {
  const { width, height, values } = canvas;
  for (let y = 0, at = 0; y < height; y++) {
    const v = (y + 0.5) / height;
    const prepared = row(v);
    for (let x = 0; x < width; x++, at++) values[at] = values[at]! + value((x + 0.5) / width, v, prepared);
  }
}

/** The profile of a band across its width: `t` from -1 to 1. */
export type Profile = (t: number) => number;

/** Bone: denser at both edges, where the ray meets the hard shell along its length. */
export const bone: Profile = (t) => {
  const a = t * t;
  return a >= 1 ? 0 : (1 - a * a * a * a) * (0.62 + 0.38 * a * a);
};

/** A round vessel. */
export const round: Profile = (t) => (t * t >= 1 ? 0 : (1 - t * t) * (1 - t * t));

/** Adds a band along `v = centre(u)` for u in `[from, to]`, of half-width `half`, faded at both ends over `fade`. */
export function addBand(
  canvas: Canvas,
  band: { readonly centre: Curve; readonly from: number; readonly to: number; readonly half: number; readonly fade: number },
  strength: number,
  profile: Profile,
): void {
  const { width, height, values } = canvas;
  const last = Math.min(width - 1, Math.floor(band.to * width));
  for (let x = Math.max(0, Math.floor(band.from * width)); x <= last; x++) {
    const u = (x + 0.5) / width;
    const ends = step(u - band.from - band.fade, band.fade) * step(band.to - band.fade - u, band.fade);
    if (ends === 0) continue;
    const centre = band.centre(u);
    const slope = (band.centre(u + 0.002) - band.centre(u - 0.002)) / 0.004;
    // A band that runs downhill is cut aslant by a column.
    const half = band.half * Math.sqrt(1 + slope * slope);
    const bottom = Math.min(height - 1, Math.ceil((centre + half) * height));
    for (let y = Math.max(0, Math.floor((centre - half) * height)); y <= bottom; y++) {
      const at = y * width + x;
      values[at] = values[at]! + strength * ends * profile(((y + 0.5) / height - centre) / half);
    }
  }
}

export interface Point {
  readonly u: number;
  readonly v: number;
}

/** Adds a line from `a` to `b` whose half-width goes from `halfA` to `halfB`. */
export function addLine(canvas: Canvas, a: Point, b: Point, halfA: number, halfB: number, strength: number): void {
  const { width, height, values } = canvas;
  const half = Math.max(halfA, halfB);
  const [du, dv] = [b.u - a.u, b.v - a.v];
  const squared = du * du + dv * dv;
  const right = Math.min(width - 1, Math.ceil((Math.max(a.u, b.u) + half) * width));
  const bottom = Math.min(height - 1, Math.ceil((Math.max(a.v, b.v) + half) * height));
  const left = Math.max(0, Math.floor((Math.min(a.u, b.u) - half) * width));
  for (let y = Math.max(0, Math.floor((Math.min(a.v, b.v) - half) * height)); y <= bottom; y++)
    for (let x = left; x <= right; x++) {
      const [pu, pv] = [(x + 0.5) / width - a.u, (y + 0.5) / height - a.v];
      const t = Math.min(1, Math.max(0, (pu * du + pv * dv) / squared));
      const [qu, qv] = [pu - t * du, pv - t * dv];
      const here = halfA + (halfB - halfA) * t;
      const at = y * width + x;
      values[at] = Math.max(values[at]!, strength * round(Math.sqrt(qu * qu + qv * qv) / here));
    }
}
