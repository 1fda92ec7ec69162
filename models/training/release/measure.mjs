// All numbers of one pack, from the command line.
import { evaluate } from './command-line.mjs';
import { measureBoxes, measureDisturbed, measureLesions, measurePositions, measureSources, scoreDisturbed } from './probes.mjs';
import { SETS, folder, scoreValidation } from './sets.mjs';
import { measure } from './statistics.mjs';

/** @param {string} pack @returns {{ set: string, n: { normal: number, abnormal: number }, metrics: Record<string, { value: number, low: number, high: number }> }[]} */
export function measureSets(pack) {
  return Object.keys(SETS).map((set) => {
    const { n, auroc, ap, atThreshold } = evaluate(pack, folder(set, 'normal'), folder(set, 'abnormal'));
    return { set, n, metrics: { auroc, ap, ...atThreshold } };
  });
}

/** Groups of films that are no folder, by name. */
const GROUPS = {
  'ChestX-ray14, PA': ({ source, view }) => source !== 'zhanglab' && view === 'PA',
  'ChestX-ray14, AP': ({ source, view }) => source !== 'zhanglab' && view === 'AP',
  'ChestX-ray14, under 18 years': ({ source, age }) => source !== 'zhanglab' && age < 18,
  'ChestX-ray14, 18 to 59': ({ source, age }) => source !== 'zhanglab' && age >= 18 && age < 60,
  'ChestX-ray14, 60 and older': ({ source, age }) => source !== 'zhanglab' && age >= 60,
};

/** @param {import('./sets.mjs').ScoredFilm[]} films @param {number} threshold */
export function measureGroups(films, threshold) {
  return Object.entries(GROUPS).map(([name, belongs]) => {
    const group = films.filter(belongs);
    const scores = (wanted) => group.filter(({ abnormal }) => abnormal === wanted).map(({ score }) => score);
    const [normal, abnormal] = [scores(false), scores(true)];
    return { name, normal: normal.length, abnormal: abnormal.length, ...measure(normal, abnormal, threshold) };
  });
}

/** @param {string} pack @param {number} threshold @param {{ films: import('./sets.mjs').ScoredFilm[], disturbed: import('./probes.mjs').DisturbedFilm[] }} scored */
export function measurePack(pack, threshold, { films, disturbed } = { films: scoreValidation(pack), disturbed: scoreDisturbed(pack) }) {
  return {
    sets: measureSets(pack),
    groups: measureGroups(films, threshold),
    positions: measurePositions(films),
    disturbed: measureDisturbed(disturbed),
    sources: measureSources(films),
    boxes: measureBoxes(films),
    lesions: measureLesions(pack),
  };
}
