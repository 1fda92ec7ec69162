// The pack's threshold, from validation films alone.
import { WORK, scoreFilms } from './command-line.mjs';
import { join } from 'node:path';

export const HOW =
  'highest balanced accuracy on ZhangLab validation patients, mean over their films as they are, cropped in width or height, and blurred';

/**
 * ZhangLab's alone: the labels of ChestX-ray14 are too noisy to set a threshold by. Plain films alone would flatter: films that look
 * strange score higher, and a threshold set on easy ones calls too many of them abnormal.
 *
 * @param {string} pack @param {import('./sets.mjs').ScoredFilm[]} films
 */
export function chooseThreshold(pack, films) {
  const sets = [films.filter(({ source }) => source === 'zhanglab')];
  for (const kind of ['width', 'height', 'blur']) {
    const at = (label) => scoreFilms(pack, join(WORK, 'probes/disturbed', kind, 'zhanglab', label)).map(({ score }) => ({ score, abnormal: label === 'abnormal' }));
    sets.push([...at('normal'), ...at('abnormal')]);
  }
  let best = { value: 0.5, goodness: 0 };
  for (let step = 1; step < 100; step++) {
    const value = step / 100;
    const goodness = sets.map((set) => balanced(set, value)).reduce((a, b) => a + b) / sets.length;
    if (goodness > best.goodness) best = { value, goodness };
  }
  return best;
}

/** @param {{ score: number, abnormal: boolean }[]} films @param {number} threshold */
function balanced(films, threshold) {
  const rate = (abnormal) => {
    const group = films.filter((film) => film.abnormal === abnormal);
    return group.filter(({ score }) => score > threshold === abnormal).length / group.length;
  };
  return (rate(true) + rate(false)) / 2;
}
