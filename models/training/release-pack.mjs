// From the exported weights to the pack that ships, with its own numbers in it:
//   node models/training/release-pack.mjs [--out models/default] [--prompts prompts-64-seed1.safetensors]
// 1. builds the pack, 2. scores the validation patients with the command line, 3. sets the threshold, 4. measures with
// `evaluate`, 5. builds again with threshold, metrics and card. Logits are the same throughout; only the manifest changes.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROOT = join(HERE, '../..');
const WORK = join(ROOT, '.work/training');
const { values } = parseArgs({
  options: {
    weights: { type: 'string', default: join(HERE, 'out/clip.safetensors') },
    prompts: { type: 'string', default: join(HERE, 'out/prompts-64-seed1.safetensors') },
    out: { type: 'string', default: join(ROOT, 'models/default') },
  },
});

/** Validation sets by name: folders laid out by `prepare`, and what of the source was trained on. */
const SETS = {
  zhanglab: 'ZhangLab children, validation patients (15 %, by hash)',
  nih: 'ChestX-ray14 adults at 320 px, validation patients',
  'nih-128': 'ChestX-ray14 adults at 128 px, validation patients',
};
/** What `prepare` did to the films of its probes. */
const KINDS = {
  width: 'frame cropped to 1/1.2 of its width',
  height: 'frame cropped to 1/1.2 of its height',
  blur: 'blurred, sigma 1',
  jpeg: 'saved again at JPEG 60',
  corners: 'four corners erased',
};
const TRAINED_ON =
  'The other 85 % of the same source’s patients, with their labels; threshold set on these very films. Prompts: 64 training films without findings.';

/** @param {string} script @param {string[]} args @returns {string} what it printed */
function node(script, ...args) {
  return execFileSync(process.execPath, [join(ROOT, script), ...args], {
    encoding: 'utf8',
    maxBuffer: 1e9,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** @param {unknown} meta @param {string | undefined} card */
function build(meta, card) {
  mkdirSync(WORK, { recursive: true });
  const file = join(WORK, 'meta.json');
  writeFileSync(file, JSON.stringify(meta));
  const cardArgs = card === undefined ? [] : ['--card', card];
  node('scripts/build-pack.mjs', '--weights', values.weights, '--prompts', values.prompts, '--meta', file, '--out', values.out, ...cardArgs);
}

/** @param {string} set @param {'normal' | 'abnormal'} label */
const folder = (set, label) => join(WORK, 'validation', set, label);

/** @param {string} set @param {'normal' | 'abnormal'} label @returns {any[]} */
function score(set, label) {
  const lines = node('scripts/ppad.mjs', 'score', '--json', '--pack', values.out, folder(set, label)).trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

/** The threshold with the highest balanced accuracy, averaged over the sources: each counts alike, however many films it has. */
function chooseThreshold(scored) {
  const sources = [['zhanglab'], ['nih', 'nih-128']];
  let best = { value: 0.5, accuracy: 0 };
  for (let step = 1; step < 100; step++) {
    const threshold = step / 100;
    const accuracies = sources.map((sets) => {
      const share = (label) => {
        const films = sets.flatMap((set) => scored[set][label]);
        return films.filter((film) => film.score > threshold === (label === 'abnormal')).length / films.length;
      };
      return (share('normal') + share('abnormal')) / 2;
    });
    const accuracy = accuracies.reduce((a, b) => a + b) / accuracies.length;
    if (accuracy > best.accuracy) best = { value: threshold, accuracy };
  }
  return best;
}

/** Of the films whose boxes all lie in one half, the share whose half scores above the opposite one. */
function boxOrder(scored) {
  const films = JSON.parse(readFileSync(join(WORK, 'prepared/films.json'), 'utf8'));
  const boxes = new Map(films.filter(({ source }) => source === 1).map(({ file, boxes }) => [file.split('/').at(-1), boxes]));
  const counts = { n: 0, right: 0 };
  for (const film of scored.nih.abnormal) {
    const b = boxes.get(film.file.split('/').at(-1)) ?? [];
    const p = Object.fromEntries(film.positions.map(({ id, probability }) => [id, probability]));
    for (const [first, second, low, size, middle] of [['left', 'right', 0, 2, 0.5], ['upper', 'lower', 1, 3, 120 / 224]]) {
      if (b.length === 0) continue;
      const inFirst = b.every((box) => box[low] + box[size] <= middle);
      const inSecond = b.every((box) => box[low] >= middle);
      if (!inFirst && !inSecond) continue;
      counts.n++;
      if (inFirst ? p[first] > p[second] : p[second] > p[first]) counts.right++;
    }
  }
  return counts;
}

/** AUROC on the disturbed films, by kind and source. */
function disturbed() {
  const kinds = ['width', 'height', 'blur', 'jpeg', 'corners'];
  return kinds.map((kind) => {
    const auroc = ['zhanglab', 'nih'].map((source) => {
      const at = (label) => join(WORK, 'probes/disturbed', kind, source, label);
      const line = node('scripts/ppad.mjs', 'evaluate', '--json', '--pack', values.out, '--normal', at('normal'), '--abnormal', at('abnormal'));
      return JSON.parse(line).auroc.value;
    });
    return { kind, zhanglab: auroc[0], nih: auroc[1] };
  });
}

/** Of synthetic lesions wholly in one half, the share whose half scores above the opposite one. */
function lesionOrder() {
  const opposite = { left: 'right', right: 'left', upper: 'lower', lower: 'upper' };
  return Object.entries(opposite).map(([position, other]) => {
    const folder = join(WORK, 'probes/lesions', position);
    const films = node('scripts/ppad.mjs', 'score', '--json', '--pack', values.out, folder).trim().split('\n').map((line) => JSON.parse(line));
    const p = (film, wanted) => film.positions.find(({ id }) => id === wanted).probability;
    return { position, n: films.length, right: films.filter((film) => p(film, position) > p(film, other)).length };
  });
}

const meta = JSON.parse(readFileSync(join(HERE, 'pack.json'), 'utf8'));
build(meta, undefined);
const scored = Object.fromEntries(
  Object.keys(SETS).map((set) => [set, { normal: score(set, 'normal'), abnormal: score(set, 'abnormal') }]),
);
const threshold = chooseThreshold(scored);
meta.threshold = {
  value: threshold.value,
  how: 'highest balanced accuracy, ZhangLab and ChestX-ray14 counting alike, on validation patients of both',
};
build(meta, undefined);
const rows = [];
for (const [set, name] of Object.entries(SETS)) {
  const line = JSON.parse(
    node('scripts/ppad.mjs', 'evaluate', '--json', '--pack', values.out, '--normal', folder(set, 'normal'), '--abnormal', folder(set, 'abnormal')),
  );
  const metrics = { auroc: line.auroc, ap: line.ap, ...line.atThreshold };
  rows.push({ name, n: line.n, metrics });
  meta.metrics.push({
    set: name,
    films: line.n,
    trainedOn: TRAINED_ON,
    prompts: 'learned, 64 films, seed 1',
    values: metrics,
    command: `ppad evaluate --normal validation/${set}/normal --abnormal validation/${set}/abnormal --json`,
  });
}
const order = boxOrder(scored);
const show = ({ value, low, high }) => `${value.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`;
const table = [
  '| films | n without / with findings | AUROC | AP | accuracy | F1 | sensitivity | specificity |',
  '| --- | --- | --- | --- | --- | --- | --- | --- |',
  ...rows.map(
    ({ name, n, metrics }) =>
      `| ${name} | ${n.normal} / ${n.abnormal} | ${['auroc', 'ap', 'acc', 'f1', 'sensitivity', 'specificity'].map((key) => show(metrics[key])).join(' | ')} |`,
  ),
].join('\n');
const shortcuts = disturbed();
const lesions = lesionOrder();
const plain = { zhanglab: rows[0].metrics.auroc.value, nih: rows[1].metrics.auroc.value };
const change = (value, from) => `${value.toFixed(3)} (${value >= from ? '+' : '−'}${Math.abs(value - from).toFixed(3)})`;
const probes = [
  '| films | ZhangLab | ChestX-ray14, 320 px |',
  '| --- | --- | --- |',
  `| as they are | ${plain.zhanglab.toFixed(3)} | ${plain.nih.toFixed(3)} |`,
  ...shortcuts.map(({ kind, zhanglab, nih }) => `| ${KINDS[kind]} | ${change(zhanglab, plain.zhanglab)} | ${change(nih, plain.nih)} |`),
].join('\n');
const card = readFileSync(join(HERE, 'card.md'), 'utf8')
  .replace('<!-- metrics -->', table)
  .replace('<!-- threshold -->', String(threshold.value))
  .replace('<!-- probes -->', probes)
  .replace('<!-- lesions -->', lesions.map(({ position, n, right }) => `${position} ${right} of ${n}`).join(', '))
  .replace('<!-- order -->', `${order.right} of ${order.n} (${((100 * order.right) / Math.max(1, order.n)).toFixed(0)} %)`);
const cardFile = join(WORK, 'card.md');
writeFileSync(cardFile, card);
build(meta, cardFile);
console.log(`${table}\n\n${probes}\n\nlesions: ${JSON.stringify(lesions)}\n\nthreshold ${threshold.value}, balanced accuracy ${threshold.accuracy.toFixed(3)}; boxes: ${order.right}/${order.n}`);
