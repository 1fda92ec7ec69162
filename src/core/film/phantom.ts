import { encode } from 'fast-png';
import type { GreyFilm } from './grey-film.js';
import { OPACITY } from './phantom-anatomy.js';
import { drawRibs, drawShoulders, drawSpine } from './phantom-bones.js';
import type { Canvas } from './phantom-canvas.js';
import { paintLungs, paintOpacity, paintSoftTissue } from './phantom-layers.js';
import { cloud, grain } from './phantom-noise.js';
import { drawVessels } from './phantom-vessels.js';

export interface PhantomOptions {
  readonly width?: number;
  readonly height?: number;
  /** With an opacity as dense as a consolidation in the upper zone of the lung at the image's left. */
  readonly opacity: boolean;
  readonly seed?: number;
}

/** The part of soft tissue's grey that is gone where the ray goes through lung alone. */
const LUNG_SPARES = 0.56;
const BACKGROUND = 9;
const GRAIN = 2.2;

/**
 * Draws a chest film that never was: outline, lung fields with vessels, heart, spine, ribs, clavicles, diaphragm, gastric
 * bubble, grain. The same options give the same bytes in every JavaScript engine.
 */
export function drawPhantom({ width = 1024, height = 1024, opacity, seed = 1 }: PhantomOptions): GreyFilm {
  const layer = (draw: (canvas: Canvas) => void): Float32Array => {
    const canvas = { width, height, values: new Float32Array(width * height) };
    draw(canvas);
    return canvas.values;
  };
  const tissue = layer((canvas) => paintSoftTissue(canvas, seed));
  const lung = layer(paintLungs);
  const vessels = layer((canvas) => drawVessels(canvas, seed));
  const bones = layer((canvas) => {
    drawRibs(canvas);
    drawSpine(canvas);
    drawShoulders(canvas);
  });
  const infiltrate = opacity ? layer((canvas) => paintOpacity(canvas, seed)) : undefined;
  const pixels = new Uint8Array(width * height);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) {
      const air = lung[at]!;
      const inLung = air === 0 ? 0 : vessels[at]! + texture(x / width, y / height, seed) + OPACITY.grey * (infiltrate?.[at] ?? 0);
      const grey = BACKGROUND + tissue[at]! * (1 - LUNG_SPARES * air) + air * inLung + bones[at]! * boneShare(tissue[at]!);
      const value = grey + GRAIN * grain(x, y, seed);
      pixels[at] = Math.max(0, Math.min(255, Math.floor(value + 0.5)));
    }
  return { facts: { format: 'png', width, height, notes: [] }, pixels };
}

/** The fine, uneven grey of lung between the vessels that can be told apart. */
function texture(u: number, v: number, seed: number): number {
  return 3 * cloud(u * 45, v * 45, seed + 5) + 2 * cloud(u * 110, v * 110, seed + 6);
}

/** Bone shows less through thick tissue, and not at all outside the body. */
function boneShare(tissue: number): number {
  return Math.min(1, Math.max(0, tissue / 40)) * Math.min(1, Math.max(0.35, 1.6 - tissue / 180));
}

/** A grey film as a PNG file, for the intake that takes any other film. */
export function encodePng({ facts: { width, height }, pixels }: GreyFilm): Uint8Array {
  return encode({ width, height, channels: 1, depth: 8, data: pixels });
}
