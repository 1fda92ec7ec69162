// Packs side by side on the validation films, each at its own threshold:
//   node models/training/compare-recipes.mjs NAME=DIR …
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { measurePack } from './release/measure.mjs';
import { recipesTable } from './release/tables.mjs';

const packs = process.argv.slice(2).map((argument) => {
  const [name, dir] = argument.split('=');
  const { threshold } = JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8'));
  return { name, numbers: measurePack(dir, threshold.value) };
});
console.log(recipesTable(packs));
