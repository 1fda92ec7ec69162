// Whether the shortcuts are closed and whether the positions mean something.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WORK, scoreFilms } from './command-line.mjs';
import { halvesOf } from './sets.mjs';
import { mean, measure, median, share } from './statistics.mjs';

/** What `prepare` did to the films of its probes. */
export const KINDS = {
  width: 'frame cropped to 1/1.2 of its width',
  height: 'frame cropped to 1/1.2 of its height',
  blur: 'blurred, sigma 1',
  jpeg: 'saved again at JPEG 60',
  corners: 'four corners erased',
};
const OPPOSITE = { left: 'right', right: 'left', upper: 'lower', lower: 'upper' };
/** Rows and columns of a position's footprint at 8 x 8 patches, as fractions: what the model is shown of it. */
const FOOTPRINT = { left: [0, 0, 0.5, 1], right: [0.5, 0, 1, 1], upper: [0, 0, 1, 5 / 8], lower: [0, 4 / 8, 1, 1] };

/**
 * The disturbed films, scored.
 *
 * @typedef {{ kind: string, source: string, abnormal: boolean, score: number }} DisturbedFilm
 * @param {string} pack @returns {DisturbedFilm[]}
 */
export function scoreDisturbed(pack) {
  return scoreFilms(pack, join(WORK, 'probes/disturbed')).map(({ file, score }) => {
    const [kind, source, label] = file.split(/[/\\]/).slice(-4);
    return { kind, source, abnormal: label === 'abnormal', score };
  });
}

/** @param {DisturbedFilm[]} films @returns {{ kind: string, zhanglab: number, nih: number }[]} AUROC */
export function measureDisturbed(films) {
  return Object.keys(KINDS).map((kind) => {
    const [zhanglab, nih] = ['zhanglab', 'nih'].map((source) => {
      const scores = (wanted) => films.filter((film) => film.kind === kind && film.source === source && film.abnormal === wanted).map(({ score }) => score);
      return measure(scores(false), scores(true)).auroc.value;
    });
    return { kind, zhanglab, nih };
  });
}

/** @param {import('./sets.mjs').ScoredFilm[]} films how far the score tells the sources' normal films apart */
export function measureSources(films) {
  const normals = (wanted) => films.filter(({ source, abnormal }) => !abnormal && wanted.includes(source)).map(({ score }) => score);
  const children = normals(['zhanglab']);
  const adults = normals(['nih', 'nih-128']);
  const { auroc } = measure(children, adults);
  return { children: mean(children), adults: mean(adults), auroc };
}

/** @param {import('./sets.mjs').ScoredFilm[]} films of films whose boxes all lie in one half, how often it scores above the other */
export function measureBoxes(films) {
  const sides = films.filter(({ source }) => source === 'nih').flatMap(({ p, boxes }) => halvesOf(boxes).map(([id, other]) => ({ id, right: p[id] > p[other] })));
  const of = (ids) => {
    const chosen = sides.filter(({ id }) => ids.includes(id));
    return share(chosen.filter(({ right }) => right).length, chosen.length);
  };
  return { all: of(Object.keys(OPPOSITE)), leftRight: of(['left', 'right']), upperLower: of(['upper', 'lower']) };
}

/**
 * Synthetic lesions wholly in one half: how often that half scores above the opposite one; and how far a position's score moves by a
 * lesion wholly outside its footprint, beside how far one inside moves it (medians).
 *
 * @param {string} pack
 */
export function measureLesions(pack) {
  const frames = JSON.parse(readFileSync(join(WORK, 'probes/lesions.json'), 'utf8'));
  const scored = scoreFilms(pack, join(WORK, 'probes/lesions'), join(WORK, 'probes/clean')).map(({ file, positions }) => ({
    file,
    p: Object.fromEntries(positions.map(({ id, probability }) => [id, probability])),
  }));
  const scores = (kind, position) => scored.filter(({ file }) => file.split(/[/\\]/).slice(-3, -1).join('/') === `${kind}/${position}`);
  const order = {};
  const moves = { inside: [], outside: [] };
  for (const [position, other] of Object.entries(OPPOSITE)) {
    const [with_, without] = [scores('lesions', position), scores('clean', position)];
    order[position] = share(with_.filter(({ p }) => p[position] > p[other]).length, with_.length);
    with_.forEach(({ p }, i) => {
      const [x, y, w, h] = frames[position][i];
      const [x0, y0, x1, y1] = FOOTPRINT[other];
      moves.inside.push(Math.abs(p[position] - without[i].p[position]));
      const apart = x + w <= x0 || x >= x1 || y + h <= y0 || y >= y1;
      if (apart) moves.outside.push(Math.abs(p[other] - without[i].p[other]));
    });
  }
  const [inside, outside] = [median(moves.inside), median(moves.outside)];
  return { order, inside, outside, ratio: outside / inside, n: { inside: moves.inside.length, outside: moves.outside.length } };
}

/** @param {import('./sets.mjs').ScoredFilm[]} films AUROC of each position: films without findings against films with a box in it */
export function measurePositions(films) {
  const normals = films.filter(({ source, abnormal }) => source === 'nih' && !abnormal);
  return Object.entries(FOOTPRINT).map(([id, [x0, y0, x1, y1]]) => {
    const touched = films.filter(({ source, boxes }) => source === 'nih' && boxes.some(([x, y, w, h]) => x + w / 2 > x0 && x + w / 2 < x1 && y + h / 2 > y0 && y + h / 2 < y1));
    const { auroc } = measure(normals.map(({ p }) => p[id]), touched.map(({ p }) => p[id]));
    return { id, normal: normals.length, abnormal: touched.length, auroc };
  });
}
