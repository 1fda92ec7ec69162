// From the exported weights to the pack that ships, with its own numbers in it:
//   node models/training/release-pack.mjs [--out models/default]
// 1. builds the pack with its chest check and text tower, 2. scores the validation patients with the command line, 3. sets threshold
// and temperature, 4. measures, 5. builds again with these, metrics and card. Logits are the same throughout; only the manifest changes.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { calibrationTable, measureCalibration } from './release/calibration.mjs';
import { chestTable, readChestCheck } from './release/chest-check.mjs';
import { buildPack, HERE, ROOT, WORK } from './release/command-line.mjs';
import { measurePack, measureSets } from './release/measure.mjs';
import { scoreDisturbed } from './release/probes.mjs';
import { SETS, scoreValidation } from './release/sets.mjs';
import { disturbedTable, groupsTable, positionsTable, promptsTable, setsTable, show, showShare } from './release/tables.mjs';
import { chooseThreshold, HOW } from './release/threshold.mjs';

const { values } = parseArgs({ options: { out: { type: 'string', default: join(ROOT, 'models/default') } } });
const OUT = join(HERE, 'out');
const weights = join(OUT, 'clip.safetensors');
const SHIPPED = join(OUT, 'prompts-64-seed1.safetensors');
const TRAINED_ON =
  'The other 85 % of the same source’s patients, with their labels; threshold set on validation films. Prompts: 64 training films without findings.';

const meta = JSON.parse(readFileSync(join(HERE, 'pack.json'), 'utf8'));
const check = readChestCheck(OUT);
if (check) meta.chestCheck = check.manifest;
const extra = ['--tokens', join(OUT, 'tokens.json'), ...(check?.args ?? [])];
const build = (card) => buildPack({ weights, prompts: SHIPPED, meta, card, out: values.out, extra });

build();
const validation = scoreValidation(values.out);
meta.calibration = measureCalibration(validation);
const disturbed = scoreDisturbed(values.out);
const threshold = chooseThreshold(validation, disturbed);
meta.threshold = { value: threshold.value, how: HOW };
build();
console.error('measuring', threshold);
const numbers = measurePack(values.out, threshold.value, { films: validation, disturbed });
meta.metrics = numbers.sets.map(({ set, n, metrics }) => ({
  set: SETS[set],
  films: n,
  trainedOn: TRAINED_ON,
  prompts: 'learned, 64 films, seed 1',
  values: metrics,
  command: `ppad evaluate --normal validation/${set}/normal --abnormal validation/${set}/abnormal --json`,
}));

// The same weights with other prompts, each a pack of its own at the same threshold.
const seeds = readdirSync(OUT).filter((name) => /^prompts-64-seed\d+\.safetensors$/.test(name));
const RECIPES = [
  { name: 'words alone (“right lung normal.” / “… abnormal.”), nothing learned', files: ['prompts-zero-shot.safetensors'] },
  { name: `learned from 64 films (${seeds.length} seeds, mean ± sd)`, files: seeds },
  { name: 'learned from all training films without findings', files: ['prompts-all-seed1.safetensors'] },
];
const prompts = RECIPES.filter(({ files }) => files.every((file) => existsSync(join(OUT, file)))).map(({ name, files }) => ({
  name,
  packs: files.map((file) => {
    const out = join(WORK, 'prompts', file.replace('.safetensors', ''));
    buildPack({ weights, prompts: join(OUT, file), meta: { ...meta, metrics: [] }, out, extra });
    return measureSets(out);
  }),
}));

const torch = JSON.parse(readFileSync(join(OUT, 'torch-auroc.json'), 'utf8'));
const torchGap = Math.max(...numbers.sets.map(({ set, metrics }) => Math.abs(metrics.auroc.value - torch[set])));
const { lesions, sources, boxes } = numbers;
const FILL = {
  chest: chestTable(check),
  calibration: calibrationTable(meta.calibration),
  temperature: String(meta.calibration.temperature),
  metrics: setsTable(numbers.sets),
  threshold: String(threshold.value),
  prompts: promptsTable(prompts),
  groups: groupsTable(numbers.groups),
  positions: positionsTable(numbers.positions),
  probes: disturbedTable(numbers.disturbed, numbers.sets),
  torch: torchGap.toFixed(4),
  sources: `children ${sources.children.toFixed(2)}, adults ${sources.adults.toFixed(2)}; AUROC of telling them apart by the score: ${show(sources.auroc)}`,
  lesions: Object.entries(lesions.order).map(([position, s]) => `${position} ${showShare(s)}`).join(', '),
  leak: `${lesions.ratio.toFixed(3)} (${lesions.outside.toFixed(4)} outside, n = ${lesions.n.outside}; ${lesions.inside.toFixed(4)} inside, n = ${lesions.n.inside})`,
  order: `${showShare(boxes.all)}: left or right ${showShare(boxes.leftRight)}, upper or lower ${showShare(boxes.upperLower)}`,
};
const card = Object.entries(FILL).reduce(
  (text, [name, value]) => text.replaceAll(`<!-- ${name} -->`, () => value),
  readFileSync(join(HERE, 'card.md'), 'utf8'),
);
const cardFile = join(WORK, 'card.md');
writeFileSync(cardFile, card);
writeFileSync(join(HERE, 'numbers.json'), `${JSON.stringify({ threshold: threshold.value, ...numbers }, null, 1)}\n`);
build(cardFile);
console.log(Object.entries(FILL).map(([name, value]) => `## ${name}\n${value}`).join('\n\n'));
