// The app's own commands, as the numbers must come from what ships.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const HERE = fileURLToPath(new URL('..', import.meta.url));
export const ROOT = join(HERE, '../..');
/** Where `python -m ppad_training prepare` lays out films. */
export const WORK = join(ROOT, '.work/training');

/** @param {string} script @param {string[]} args @returns {string} what it printed */
export function node(script, ...args) {
  return execFileSync(process.execPath, [join(ROOT, script), ...args], { encoding: 'utf8', maxBuffer: 1e9, stdio: ['ignore', 'pipe', 'ignore'] });
}

/** @param {{ weights: string, prompts: string, meta: unknown, card?: string | undefined, out: string, extra?: string[] }} parts */
export function buildPack({ weights, prompts, meta, card, out, extra = [] }) {
  mkdirSync(WORK, { recursive: true });
  const file = join(WORK, 'meta.json');
  writeFileSync(file, JSON.stringify(meta));
  const cardArgs = card === undefined ? [] : ['--card', card];
  node('scripts/build-pack.mjs', '--weights', weights, '--prompts', prompts, '--meta', file, '--out', out, ...cardArgs, ...extra);
}

/**
 * @param {string} pack @param {string[]} folders
 * @returns {any[]} what `score --json` prints of every film in them
 */
export function scoreFilms(pack, ...folders) {
  let printed;
  try {
    printed = node('scripts/ppad.mjs', 'score', '--json', '--pack', pack, ...folders);
  } catch (thrown) {
    // Exit status 1: some film was not scored. Its line says why.
    printed = /** @type {{ stdout: string }} */ (thrown).stdout;
  }
  const lines = printed.trim().split('\n').map((line) => JSON.parse(line));
  const failed = lines.find((line) => line.error);
  if (failed) throw new Error(`${failed.file}: ${failed.error.message}`);
  return lines;
}

/** @param {string} pack @param {string} normal @param {string} abnormal @returns {any} what `evaluate --json` prints */
export function evaluate(pack, normal, abnormal) {
  return JSON.parse(node('scripts/ppad.mjs', 'evaluate', '--json', '--pack', pack, '--normal', normal, '--abnormal', abnormal));
}
