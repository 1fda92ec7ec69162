// The films that numbers are measured on, and what is known of each.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { WORK, scoreFilms } from './command-line.mjs';

export const SOURCES = /** @type {const} */ (['zhanglab', 'nih', 'nih-128']);

/** Validation sets by folder. */
export const SETS = {
  zhanglab: 'ZhangLab children, validation patients (15 %, by hash)',
  nih: 'ChestX-ray14 at 320 px, validation patients',
  'nih-128': 'ChestX-ray14 at 128 px, validation patients',
};

/** @param {string} set @param {'normal' | 'abnormal'} label */
export const folder = (set, label) => join(WORK, 'validation', set, label);

/**
 * @typedef {{ source: string, abnormal: boolean, view: string, age: number, boxes: number[][], score: number, p: Record<string, number> }} ScoredFilm
 */

/** @param {string} pack @returns {ScoredFilm[]} the validation films of every source, scored by the command line */
export function scoreValidation(pack) {
  const known = new Map(
    JSON.parse(readFileSync(join(WORK, 'prepared/films.json'), 'utf8')).map((film) => [`${SOURCES[film.source]}/${basename(film.file)}`, film]),
  );
  const folders = SOURCES.flatMap((set) => [folder(set, 'normal'), folder(set, 'abnormal')]);
  return scoreFilms(pack, ...folders).map(({ file, score, positions }) => {
    const [source, label, name] = file.split(/[/\\]/).slice(-3);
    const { view, age, boxes } = known.get(`${source}/${name}`);
    const p = Object.fromEntries(positions.map(({ id, probability }) => [id, probability]));
    return { source, abnormal: label === 'abnormal', view, age: age === '' ? NaN : Number.parseInt(age, 10), boxes, score, p };
  });
}

/** Halves and where they lie: [position, its opposite, axis 0 x 1 y, from, to], fractions of the side (ppad.md section 3). */
const HALVES = /** @type {const} */ ([
  ['left', 'right', 0, 0, 0.5],
  ['right', 'left', 0, 0.5, 1],
  ['upper', 'lower', 1, 0, 120 / 224],
  ['lower', 'upper', 1, 120 / 224, 1],
]);

/** @param {number[][]} boxes x, y, w, h @returns {(readonly [string, string])[]} the halves that hold all of them, each with its opposite */
export function halvesOf(boxes) {
  if (boxes.length === 0) return [];
  return HALVES.filter(([, , axis, from, to]) => boxes.every((b) => b[axis] >= from && b[axis] + b[axis + 2] <= to)).map(
    ([id, opposite]) => /** @type {const} */ ([id, opposite]),
  );
}
