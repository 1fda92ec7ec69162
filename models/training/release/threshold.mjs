// The pack's threshold, from validation films alone.

// Goodness on ZhangLab is flat for a long way, and adults' scores lie lower: what costs children this much at most may serve adults.
const GIVEN_UP = 0.01;

export const HOW = `of the thresholds whose balanced accuracy on ZhangLab validation patients (mean over their films as they are, cropped in width or height, and blurred) lies within ${GIVEN_UP} of the best, the one with the highest on ChestX-ray14’s`;

/**
 * First ZhangLab's: the labels of ChestX-ray14 are too noisy to set a threshold by alone. Plain films alone would flatter: films that
 * look strange score higher, and a threshold set on easy ones calls too many of them abnormal.
 *
 * @param {import('./sets.mjs').ScoredFilm[]} films @param {import('./probes.mjs').DisturbedFilm[]} disturbed
 */
export function chooseThreshold(films, disturbed) {
  const children = (film) => film.source === 'zhanglab';
  const sets = [films.filter(children), ...['width', 'height', 'blur'].map((kind) => disturbed.filter((film) => children(film) && film.kind === kind))];
  const adults = ['nih', 'nih-128'].map((source) => films.filter((film) => film.source === source));
  const mean = (groups, value) => groups.map((group) => balanced(group, value)).reduce((a, b) => a + b) / groups.length;
  const thresholds = Array.from({ length: 99 }, (_, i) => (i + 1) / 100).map((value) => ({ value, goodness: mean(sets, value), adults: mean(adults, value) }));
  const least = Math.max(...thresholds.map(({ goodness }) => goodness)) - GIVEN_UP;
  return thresholds.filter(({ goodness }) => goodness >= least).reduce((best, one) => (one.adults > best.adults ? one : best));
}

/** @param {{ score: number, abnormal: boolean }[]} films @param {number} threshold */
function balanced(films, threshold) {
  const rate = (abnormal) => {
    const group = films.filter((film) => film.abnormal === abnormal);
    return group.filter(({ score }) => score > threshold === abnormal).length / group.length;
  };
  return (rate(true) + rate(false)) / 2;
}
