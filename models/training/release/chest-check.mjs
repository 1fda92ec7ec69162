// What `python -m ppad_training chest-check` left, for the pack and for its card.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const HOW = (least) =>
  `the lowest from ${least} on that flags at most 1 % of the films of every source, on half of the held-back patients; the numbers are of the other half, and of pictures that were held back`;

/** @param {string} out the folder of exported weights @returns {{ args: string[], manifest: unknown, result: any } | undefined} undefined where there is no check */
export function readChestCheck(out) {
  const [tensors, numbers] = ['chest-check.safetensors', 'chest-check.json'].map((name) => join(out, name));
  if (!existsSync(tensors) || !existsSync(numbers)) return undefined;
  const result = JSON.parse(readFileSync(numbers, 'utf8'));
  const clip = createHash('sha256').update(readFileSync(join(out, 'clip.safetensors'))).digest('hex');
  if (result.clip !== clip) throw new Error('The chest check in out/ was learned on other weights: run python -m ppad_training chest-check.');
  const rates = result.numbers.map(({ kind, source, n, flagged }) => ({ kind, ...(source && { source }), n, flagged }));
  return { args: ['--chest-check', tensors], manifest: { threshold: result.threshold, how: HOW(result.least), numbers: rates }, result };
}

/** @param {{ result: any } | undefined} check */
export function chestTable(check) {
  if (!check) return 'This pack has no check.';
  const share = ({ flagged, n }) => `${flagged} of ${n} (${((100 * flagged) / Math.max(1, n)).toFixed(1)} %)`;
  const { numbers, unseen = [] } = check.result;
  const never = (kind) => unseen.find((row) => row.kind.split(' + ').includes(kind));
  return [
    '| pictures held back | flagged | flagged by a check that never saw its like |',
    '| --- | --- | --- |',
    ...numbers.map((row) => `| ${row.kind}${row.source ? `, ${row.source}` : ''} | ${share(row)} | ${never(row.kind) ? share(never(row.kind)) : '–'} |`),
  ].join('\n');
}
