import * as anatomy from './phantom-anatomy.js';
import { paint, step } from './phantom-canvas.js';
import type { Canvas, Curve } from './phantom-canvas.js';
import { cloud } from './phantom-noise.js';

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

function columnTable(width: number, curve: Curve): Curve {
  const table = Float64Array.from({ length: width }, (_, x) => curve((x + 0.5) / width));
  return (u) => table[Math.floor(u * width)]!;
}
