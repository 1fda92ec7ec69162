// Numbers as Markdown.
import { KINDS } from './probes.mjs';
import { SETS } from './sets.mjs';
import { deviation, mean } from './statistics.mjs';

export const COLUMNS = /** @type {const} */ (['auroc', 'ap', 'acc', 'f1', 'sensitivity', 'specificity']);
const HEADS = 'AUROC | AP | accuracy | F1 | sensitivity | specificity';

/** @param {{ value: number, low: number, high: number } | undefined} metric */
export const show = (metric) => (metric ? `${metric.value.toFixed(3)} (${metric.low.toFixed(3)}–${metric.high.toFixed(3)})` : '–');

/** @param {{ right: number, n: number, value: number, low: number, high: number }} s */
export const showShare = (s) => `${s.right} of ${s.n} (${(100 * s.value).toFixed(0)} %, ${(100 * s.low).toFixed(0)}–${(100 * s.high).toFixed(0)})`;

/** @param {string[]} head @param {string[][]} rows */
const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** @param {ReturnType<typeof import('./measure.mjs').measureSets>} sets */
export const setsTable = (sets) =>
  table(
    ['films', 'n without / with findings', ...HEADS.split(' | ')],
    sets.map(({ set, n, metrics }) => [SETS[set], `${n.normal} / ${n.abnormal}`, ...COLUMNS.map((key) => show(metrics[key]))]),
  );

/** @param {{ name: string, packs: ReturnType<typeof import('./measure.mjs').measureSets>[] }[]} recipes one pack, or one a seed */
export const promptsTable = (recipes) =>
  table(
    ['prompts', ...Object.keys(SETS).map((set) => `AUROC, ${set}`), 'accuracy, zhanglab', 'F1, zhanglab'],
    recipes.map(({ name, packs }) => {
      const cell = (set, key) => {
        const values = packs.map((sets) => sets.find((s) => s.set === set).metrics[key]);
        if (values.length === 1) return show(values[0]);
        const plain = values.map(({ value }) => value);
        return `${mean(plain).toFixed(3)} ± ${deviation(plain).toFixed(3)}`;
      };
      return [name, ...Object.keys(SETS).map((set) => cell(set, 'auroc')), cell('zhanglab', 'acc'), cell('zhanglab', 'f1')];
    }),
  );

/** @param {ReturnType<typeof import('./measure.mjs').measureGroups>} groups */
export const groupsTable = (groups) =>
  table(
    ['films', 'n without / with findings', 'AUROC', 'sensitivity', 'specificity'],
    groups.map(({ name, normal, abnormal, auroc, sensitivity, specificity }) => [name, `${normal} / ${abnormal}`, show(auroc), show(sensitivity), show(specificity)]),
  );

/** @param {ReturnType<typeof import('./probes.mjs').measurePositions>} positions */
export const positionsTable = (positions) =>
  table(
    ['side of the image', 'n without findings / with a box there', 'AUROC of that position’s score'],
    positions.map(({ id, normal, abnormal, auroc }) => [id, `${normal} / ${abnormal}`, show(auroc)]),
  );

/** @param {ReturnType<typeof import('./probes.mjs').measureDisturbed>} disturbed @param {ReturnType<typeof import('./measure.mjs').measureSets>} sets */
export function disturbedTable(disturbed, sets) {
  const plain = (set) => sets.find((s) => s.set === set).metrics.auroc.value;
  const change = (value, from) => `${value.toFixed(3)} (${value >= from ? '+' : '−'}${Math.abs(value - from).toFixed(3)})`;
  return table(
    ['films', 'ZhangLab', 'ChestX-ray14, 320 px'],
    [
      ['as they are', plain('zhanglab').toFixed(3), plain('nih').toFixed(3)],
      ...disturbed.map(({ kind, zhanglab, nih }) => [KINDS[kind], change(zhanglab, plain('zhanglab')), change(nih, plain('nih'))]),
    ],
  );
}

/** @param {{ name: string, numbers: ReturnType<typeof import('./measure.mjs').measurePack> }[]} packs */
export const recipesTable = (packs) =>
  table(
    ['', ...packs.map(({ name }) => name)],
    [
      ...Object.keys(SETS).map((set) => [`AUROC, ${set}`, ...packs.map(({ numbers }) => show(numbers.sets.find((s) => s.set === set).metrics.auroc))]),
      ...['acc', 'f1'].map((key) => [`${key === 'acc' ? 'accuracy' : 'F1'}, zhanglab`, ...packs.map(({ numbers }) => show(numbers.sets[0].metrics[key]))]),
      ...Object.entries(KINDS).map(([kind, name]) => [
        `${name}: AUROC, zhanglab / nih`,
        ...packs.map(({ numbers }) => {
          const { zhanglab, nih } = numbers.disturbed.find((d) => d.kind === kind);
          return `${zhanglab.toFixed(3)} / ${nih.toFixed(3)}`;
        }),
      ]),
      ['mean score without findings, children / adults', ...packs.map(({ numbers: { sources } }) => `${sources.children.toFixed(2)} / ${sources.adults.toFixed(2)}`)],
      ['synthetic lesion: its half higher', ...packs.map(({ numbers }) => Object.values(numbers.lesions.order).map(({ right, n }) => `${right}/${n}`).join(', '))],
      ['lesion outside the footprint moves the score, share of inside', ...packs.map(({ numbers }) => numbers.lesions.ratio.toFixed(3))],
      ['real boxed films: that half higher', ...packs.map(({ numbers }) => showShare(numbers.boxes.all))],
    ],
  );
