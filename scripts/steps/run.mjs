import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../paths.mjs';

/** @typedef {{ status: number, output: string }} Ended */

/**
 * Runs a program in the project's folder and waits for its end.
 *
 * @param {string} program @param {readonly string[]} args
 * @param {{ quiet?: boolean, env?: NodeJS.ProcessEnv, toStderr?: boolean, stderr?: 'ignore' }} [options] `quiet`: collect
 *   the output instead of showing it; `toStderr`: keep standard output free of it
 * @returns {Promise<Ended>} `status` 127 if the program is not there
 */
export function run(program, args, { quiet = false, env = {}, toStderr = false, stderr } = {}) {
  return new Promise((resolve) => {
    const shown = quiet ? 'pipe' : 'inherit';
    const child = spawn(program, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', toStderr ? 2 : shown, stderr ?? shown],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));
    child.on('error', (error) => resolve({ status: 127, output: error.message }));
    child.on('close', (code, signal) => resolve({ status: code ?? (signal ? 128 : 1), output }));
  });
}

/** Runs a JavaScript program of a package. @param {string} path in node_modules @param {readonly string[]} args @param {Parameters<typeof run>[2]} [options] */
export const runModule = (path, args, options) => run(process.execPath, [join(ROOT, 'node_modules', path), ...args], options);

/** Runs npm, the one that runs us if there is one. @param {readonly string[]} args @param {Parameters<typeof run>[2]} [options] */
export function npm(args, options) {
  const cli = process.env['npm_execpath'] ?? '';
  if (/npm-cli\.js$/.test(cli) && existsSync(cli)) return run(process.execPath, [cli, ...args], options);
  const beside = join(process.execPath, '../node_modules/npm/bin/npm-cli.js');
  return existsSync(beside) ? run(process.execPath, [beside, ...args], options) : run('npm', args, options);
}
