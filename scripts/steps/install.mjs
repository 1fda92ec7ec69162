import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../paths.mjs';
import { npm } from './run.mjs';

/** @typedef {{ packages: Record<string, { version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }> }} Lock */

const OLDEST_NODE = [20, 19];

/** Ends the program with a sentence if Node is too old for what follows. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [wantMajor = 0, wantMinor = 0] = OLDEST_NODE;
  if (major > wantMajor || (major === wantMajor && minor >= wantMinor)) return;
  console.error(`This project needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

/**
 * Brings node_modules to what package-lock.json says, if it is not so yet. Ends the program with a sentence if npm fails.
 * Says nothing on standard output.
 */
export async function ensureInstalled() {
  requireNode();
  if (isInstalled()) return;
  console.error('Installing packages (npm ci) ...');
  const { status } = await npm(['ci', '--prefer-offline', '--no-audit', '--no-fund'], { toStderr: true });
  if (status === 0 && isInstalled()) return;
  console.error(
    '\nnpm ci failed (its own words are above). It needs a package registry: the network, or a mirror named in ~/.npmrc.',
  );
  process.exit(1);
}

/** npm writes its own copy of the lock file as the last act of an install: what it names is there. */
function isInstalled() {
  const wanted = readLock('package-lock.json');
  const present = readLock('node_modules/.package-lock.json');
  if (!wanted || !present) return false;
  return Object.entries(wanted.packages).every(([path, entry]) => {
    const found = present.packages[path];
    // Optional packages are other machines' binaries.
    if (path === '' || (!found && (entry.optional || entry.devOptional))) return true;
    return found?.version === entry.version && found?.integrity === entry.integrity;
  });
}

/** @param {string} path @returns {Lock | undefined} */
function readLock(path) {
  try {
    return /** @type {Lock} */ (JSON.parse(readFileSync(join(ROOT, path), 'utf8')));
  } catch {
    return undefined;
  }
}
