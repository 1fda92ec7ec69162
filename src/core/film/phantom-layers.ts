import * as anatomy from './phantom-anatomy.js';
import { addBand, addLine, bone, curveThrough, paint, round, step } from './phantom-canvas.js';
import type { Canvas, Curve, Point } from './phantom-canvas.js';
import { cloud, sequence } from './phantom-noise.js';

/** How much of the way through the chest is lung, 0 to 1. */
export function paintLungs(canvas: Canvas): void {
  const floor = columnTable(canvas.width, anatomy.DIAPHRAGM);
  paint(
    canvas,
    (v) => ({
      left: anatomy.LUNG_LEFT(v),
      right: anatomy.LUNG_RIGHT(v),
      heartLeft: anatomy.MEDIASTINUM_LEFT(v),
      heartRight: anatomy.MEDIASTINUM_RIGHT(v),
    }),
    (u, v, { left, right, heartLeft, heartRight }) => {
      const side = u < 0.5 ? u - left : right - u;
      if (side < -0.01 || v < 0.09) return 0;
      // Some lung lies behind the heart.
      const beside = 1 - (0.8 + 0.1 * step(0.3 - v, 0.1)) * step(Math.min(u - heartLeft, heartRight - u), 0.005);
      // The chest wall curves away from the ray, so the lung thins out towards its border.
      const depth = side <= 0 ? 0 : Math.min(1, Math.sqrt(side / 0.16));
      const above = step(floor(u) - v, 0.006);
      return beside * step(side, 0.004) * (0.5 + 0.5 * depth) * (0.12 * step(floor(u) + 0.05 - v, 0.05) + 0.88 * above);
    },
  );
}

/** A patch of lung that lets less through, with the ragged, soft border of an infiltrate. */
export function paintOpacity(canvas: Canvas, seed: number): void {
  const { u: u0, v: v0, across, down } = anatomy.OPACITY;
  paint(
    canvas,
    () => undefined,
    (u, v) => {
      const [x, y] = [(u - u0) / across, (v - v0) / down];
      const squared = x * x + y * y;
      if (squared > 2.5) return 0;
      const ragged = 0.3 * cloud(u * 22, v * 22, seed + 71) + 0.2 * cloud(u * 55, v * 55, seed + 72);
      return step(0.75 - Math.sqrt(squared) + ragged, 0.6) * (0.85 + 0.25 * cloud(u * 70, v * 70, seed + 73));
    },
  );
}

/** Everything that is not lung or bone: skin to skin, the abdomen, heart and great vessels, with trachea and gastric bubble let out. */
export function paintSoftTissue(canvas: Canvas, seed: number): void {
  const floor = columnTable(canvas.width, anatomy.DIAPHRAGM);
  paint(
    canvas,
    (v) => ({
      left: anatomy.BODY_LEFT(v),
      right: anatomy.BODY_RIGHT(v),
      heartLeft: anatomy.MEDIASTINUM_LEFT(v),
      heartRight: anatomy.MEDIASTINUM_RIGHT(v),
      lungLeft: anatomy.LUNG_LEFT(v),
      lungRight: anatomy.LUNG_RIGHT(v),
      heart: (0.68 + 0.32 * step(v - 0.45, 0.12)) * (0.3 + 0.7 * step(v - 0.12, 0.07)),
      breath: tracheaAt(v),
    }),
    (u, v, row) => {
      const inside = Math.min(u - row.left, row.right - u);
      if (inside < -0.01) return 0;
      const thickness = inside <= 0 ? 0 : Math.min(1, Math.sqrt(inside / 0.1));
      const middle = 1 - 4 * (u - 0.5) * (u - 0.5);
      let value = step(inside, 0.005) * (32 + 80 * thickness + 18 * middle + 8 * cloud(u * 5, v * 5, seed + 11));
      const border = Math.min(u - row.heartLeft, row.heartRight - u);
      const within = border <= 0 ? 0 : Math.min(1, border / 0.09);
      const below = v - floor(u);
      value += 72 * row.heart * step(border, 0.006) * (0.7 + 0.3 * within) * step(-below, 0.007);
      const caged = step(Math.min(u - row.lungLeft, row.lungRight - u), 0.02);
      value += caged * 72 * step(below, 0.007) + (1 - caged) * 50 * step(v - 0.84, 0.16);
      return value - row.breath * step(0.0155 - Math.abs(u - 0.497), 0.004) - bubbleAt(u, v);
    },
  );
}

/** The windpipe, from the neck to where it forks. */
function tracheaAt(v: number): number {
  return 26 * step(0.31 - v, 0.03);
}

/** Gas in the stomach: a dome above, a level below. */
function bubbleAt(u: number, v: number): number {
  const { u: u0, v: v0, across, down } = anatomy.GASTRIC_BUBBLE;
  const [x, y] = [(u - u0) / across, (v - v0) / down];
  if (x * x > 1.5 || y * y > 1.5) return 0;
  const dome = 1 - Math.sqrt(x * x + y * y * (y < 0 ? 1 : 0.6));
  return 80 * step(dome, 0.12) * step(v0 + 0.55 * down - v, 0.005);
}

/** Vessels fan out from each hilum, fork and thin out. */
export function drawVessels(canvas: Canvas, seed: number): void {
  const next = sequence(seed + 31);
  for (const [hilum, outward] of [
    [anatomy.HILUM_LEFT, -1],
    [anatomy.HILUM_RIGHT, 1],
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

/** Ten pairs of ribs, the back part stronger than the front part. */
export function drawRibs(canvas: Canvas): void {
  for (let k = 0; k < 10; k++) {
    const { back, front, half, outer, inner } = anatomy.rib(k);
    for (const side of [-1, 1]) {
      const from = (near: number): number => (side < 0 ? 0.5 - outer : 0.5 + near);
      const to = (near: number): number => (side < 0 ? 0.5 - near : 0.5 + outer);
      const centre =
        (curve: Curve): Curve =>
        (u) =>
          curve(side * (u - 0.5)) + side * 0.002;
      addBand(canvas, { centre: centre(back), from: from(0.035), to: to(0.035), half, fade: 0.004 }, 24, bone);
      if (k > 0 && k < 8)
        addBand(canvas, { centre: centre(front), from: from(inner), to: to(inner), half: half * 1.15, fade: 0.02 }, 17, bone);
    }
  }
}

/** Vertebrae with the darker discs between them, and their spinous processes. */
export function drawSpine(canvas: Canvas): void {
  paint(
    canvas,
    (v) => {
      const place = v / 0.0585 + 0.35;
      const within = place - Math.floor(place);
      return { disc: step(0.42 - Math.abs(within - 0.5), 0.06), process: Math.abs(within - 0.62), half: 0.034 + 0.012 * v };
    },
    (u, _v, { disc, process, half }) => {
      const aside = Math.abs(u - 0.5);
      if (aside > half + 0.02) return 0;
      const body = step(half - aside, 0.006) * (9 + 5 * disc + 4 * step(aside - half + 0.009, 0.005) * disc);
      return body + 7 * step(0.0065 - aside, 0.003) * step(0.2 - process, 0.08);
    },
  );
}

const CLAVICLE: Curve = curveThrough([
  [0.045, 0.188],
  [0.1, 0.172],
  [0.18, 0.158],
  [0.26, 0.142],
  [0.34, 0.117],
  [0.41, 0.1],
]);

const SCAPULA: Curve = curveThrough([
  [0.1, 0.352],
  [0.17, 0.365],
  [0.25, 0.385],
  [0.32, 0.392],
  [0.38, 0.4],
]);

/** Clavicles, the edge of the shoulder blades, the heads of the upper arms. */
export function drawShoulders(canvas: Canvas): void {
  for (const side of [-1, 1]) {
    const centre: Curve = (u) => CLAVICLE(side * (u - 0.5)) + side * 0.003;
    const ends = side < 0 ? { from: 0.09, to: 0.462 } : { from: 0.538, to: 0.91 };
    addBand(canvas, { centre, ...ends, half: 0.0155, fade: 0.008 }, 34, bone);
  }
  paint(
    canvas,
    (v) => ({ edge: SCAPULA(v), ends: step(v - 0.12, 0.03) * step(0.4 - v, 0.05) }),
    (u, v, { edge, ends }) => {
      const aside = Math.abs(u - 0.5);
      if (aside < 0.3) return 0;
      const blade =
        ends * (8 * step(aside - edge, 0.004) * step(0.46 - aside, 0.03) + 12 * round((aside - edge - 0.006) / 0.009));
      const [x, y] = [(aside - 0.462) / 0.052, (v - 0.165) / 0.055];
      return blade + 34 * step(1 - Math.sqrt(x * x + y * y), 0.09);
    },
  );
}

function columnTable(width: number, curve: Curve): Curve {
  const table = Float64Array.from({ length: width }, (_, x) => curve((x + 0.5) / width));
  return (u) => table[Math.floor(u * width)]!;
}
