import { HILUM_LEFT, HILUM_RIGHT } from './phantom-anatomy.js';
import { addLine } from './phantom-canvas.js';
import type { Canvas, Point } from './phantom-canvas.js';
import { sequence } from './phantom-noise.js';

/** Vessels fan out from each hilum, fork and thin out. */
export function drawVessels(canvas: Canvas, seed: number): void {
  const next = sequence(seed + 31);
  for (const [hilum, outward] of [
    [HILUM_LEFT, -1],
    [HILUM_RIGHT, 1],
  ] as const) {
    const stem = { u: hilum.u - outward * 0.02, v: hilum.v - 0.05 };
    addLine(canvas, stem, hilum, 0.02, 0.024, 34);
    addLine(canvas, hilum, { u: hilum.u + outward * 0.014, v: hilum.v + 0.1 }, 0.023, 0.012, 34);
    for (let i = 0; i < STEMS; i++) {
      // From steeply up to steeply down; a point of the unit circle in rational form.
      const t = (i / (STEMS - 1)) * 1.85 - 0.85 + 0.1 * (next() - 0.5);
      const square = t * t;
      const direction = { u: (outward * (1 - square)) / (1 + square), v: (2 * t) / (1 + square) };
      const from = { u: hilum.u + outward * 0.006 * next(), v: hilum.v + 0.02 + 0.07 * t };
      drawBranch(canvas, { from, direction, half: 0.0075 + 0.0035 * next(), strength: 25, forks: FORKS }, next);
    }
  }
}

const STEMS = 12;
const FORKS = 7;

interface Branch {
  readonly from: Point;
  readonly direction: Point;
  readonly half: number;
  readonly strength: number;
  readonly forks: number;
}

function drawBranch(canvas: Canvas, { from, direction, half, strength, forks }: Branch, next: () => number): void {
  const length = 0.022 + 0.022 * next();
  const to = { u: from.u + direction.u * length, v: from.v + direction.v * length };
  addLine(canvas, from, to, half, half * 0.84, strength);
  if (forks === 0) return;
  const bend = 0.5 * (next() - 0.5);
  drawBranch(
    canvas,
    { from: to, direction: turned(direction, bend), half: half * 0.84, strength: strength * 0.87, forks: forks - 1 },
    next,
  );
  if (forks === FORKS || next() > 0.6) return;
  const fork = turned(direction, next() < 0.5 ? bend + 0.6 : bend - 0.6);
  drawBranch(canvas, { from: to, direction: fork, half: half * 0.62, strength: strength * 0.72, forks: forks - 1 }, next);
}

/** The direction, turned by about `angle` radians, kept at length one. */
function turned({ u, v }: Point, angle: number): Point {
  const [a, b] = [u - v * angle, v + u * angle];
  const length = Math.sqrt(a * a + b * b);
  return { u: a / length, v: b / length };
}
