import { curveThrough } from './phantom-canvas.js';
import type { Curve } from './phantom-canvas.js';

/**
 * Where things are on the phantom, as fractions of the film. Standard frontal view: the patient's right is at the left, so
 * the heart's apex and the gastric bubble are at the right. Drawn by eye; no patient's film is behind it.
 */

/** The torso's edges by height: neck, shoulder, flank. */
export const BODY_LEFT: Curve = curveThrough([
  [0, 0.385],
  [0.03, 0.376],
  [0.055, 0.325],
  [0.085, 0.13],
  [0.11, 0.035],
  [0.15, -0.015],
  [0.25, -0.02],
  [0.42, 0.015],
  [0.65, 0.04],
  [0.85, 0.036],
  [1, 0.03],
]);
export const BODY_RIGHT: Curve = (v) => 1 - BODY_LEFT(v);

/** The lungs' outer border by height; the right one is a little different, as people are. */
export const LUNG_LEFT: Curve = curveThrough([
  [0.094, 0.412],
  [0.098, 0.378],
  [0.112, 0.328],
  [0.14, 0.268],
  [0.2, 0.212],
  [0.3, 0.163],
  [0.45, 0.122],
  [0.6, 0.1],
  [0.75, 0.091],
  [0.9, 0.088],
]);
export const LUNG_RIGHT: Curve = curveThrough([
  [0.096, 0.588],
  [0.1, 0.622],
  [0.114, 0.67],
  [0.143, 0.73],
  [0.2, 0.783],
  [0.3, 0.832],
  [0.45, 0.874],
  [0.6, 0.897],
  [0.75, 0.907],
  [0.9, 0.91],
]);

/** The mediastinum's borders by height: at the left vena cava and right atrium, at the right aortic knob, pulmonary trunk, left ventricle. */
export const MEDIASTINUM_LEFT: Curve = curveThrough([
  [0, 0.425],
  [0.09, 0.402],
  [0.115, 0.414],
  [0.16, 0.434],
  [0.25, 0.443],
  [0.4, 0.437],
  [0.47, 0.424],
  [0.55, 0.403],
  [0.62, 0.396],
  [0.7, 0.407],
  [0.76, 0.424],
  [0.9, 0.43],
]);
export const MEDIASTINUM_RIGHT: Curve = curveThrough([
  [0, 0.575],
  [0.09, 0.6],
  [0.115, 0.586],
  [0.16, 0.563],
  [0.22, 0.552],
  [0.255, 0.563],
  [0.29, 0.589],
  [0.325, 0.592],
  [0.36, 0.572],
  [0.4, 0.579],
  [0.44, 0.598],
  [0.5, 0.638],
  [0.57, 0.685],
  [0.63, 0.718],
  [0.69, 0.738],
  [0.74, 0.735],
  [0.79, 0.7],
  [0.9, 0.62],
]);

/** The diaphragm by column: the right dome (image left) stands higher. */
export const DIAPHRAGM: Curve = curveThrough([
  [0.06, 0.9],
  [0.092, 0.845],
  [0.12, 0.79],
  [0.17, 0.742],
  [0.24, 0.711],
  [0.3, 0.703],
  [0.36, 0.711],
  [0.43, 0.745],
  [0.5, 0.79],
  [0.56, 0.79],
  [0.62, 0.765],
  [0.7, 0.743],
  [0.77, 0.748],
  [0.84, 0.782],
  [0.885, 0.83],
  [0.908, 0.875],
  [0.94, 0.93],
]);

export const HILUM_LEFT = { u: 0.408, v: 0.43 };
export const HILUM_RIGHT = { u: 0.608, v: 0.405 };
export const GASTRIC_BUBBLE = { u: 0.69, v: 0.822, across: 0.075, down: 0.05 };
/** The opacity of the second phantom: image left, upper zone, where both a side and a half can be seen to deviate; grey it adds to lung. */
export const OPACITY = { u: 0.285, v: 0.37, across: 0.125, down: 0.1, grey: 115 };

export interface Rib {
  readonly back: Curve;
  readonly front: Curve;
  readonly half: number;
  /** Distances from the midline where the rib turns, and where its front part ends. */
  readonly outer: number;
  readonly inner: number;
}

/**
 * Rib `k` (0 the first) by the distance from the midline, `d`: its back part leaves the spine, rises a little and falls
 * outwards; its front part comes back inwards and further down, and fades at the cartilage.
 */
export function rib(k: number): Rib {
  const spine = 0.1 + 0.0655 * k + 0.0006 * k * k;
  const fall = 0.06 + 0.0085 * k;
  const side = spine + fall;
  const outer = 0.5 - LUNG_LEFT(side) + 0.012;
  const front = side + 0.05 + 0.0135 * k;
  return {
    back: curveThrough([
      [0.03, spine + 0.006],
      [0.09, spine - 0.008],
      [outer * 0.55, spine - 0.002 + fall * 0.1],
      [outer * 0.82, spine + fall * 0.38],
      [outer * 0.95, spine + fall * 0.7],
      [outer, side],
    ]),
    front: curveThrough([
      [0.1, front + 0.016],
      [outer * 0.45, front],
      [outer * 0.75, side + (front - side) * 0.76],
      [outer * 0.94, side + (front - side) * 0.4],
      [outer, side],
    ]),
    half: 0.0125 + 0.0004 * k,
    outer,
    inner: 0.14 + 0.008 * k,
  };
}
