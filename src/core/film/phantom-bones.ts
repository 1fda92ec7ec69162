import { rib } from './phantom-anatomy.js';
import { addBand, bone, curveThrough, paint, round, step } from './phantom-canvas.js';
import type { Canvas, Curve } from './phantom-canvas.js';

/** Ten pairs of ribs, the back part stronger than the front part. */
export function drawRibs(canvas: Canvas): void {
  for (let k = 0; k < 10; k++) {
    const { back, front, half, outer, inner } = rib(k);
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
