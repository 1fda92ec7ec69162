// The pack's threshold, from validation films alone.

export const HOW =
  'highest balanced accuracy on ZhangLab validation patients, mean over their films as they are, cropped in width or height, and blurred';

/**
 * ZhangLab's alone: the labels of ChestX-ray14 are too noisy to set a threshold by. Plain films alone would flatter: films that look
 * strange score higher, and a threshold set on easy ones calls too many of them abnormal.
 *
 * @param {import('./sets.mjs').ScoredFilm[]} films @param {import('./probes.mjs').DisturbedFilm[]} disturbed
 */
export function chooseThreshold(films, disturbed) {
  const children = (film) => film.source === 'zhanglab';
  const sets = [films.filter(children), ...['width', 'height', 'blur'].map((kind) => disturbed.filter((film) => children(film) && film.kind === kind))];
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
