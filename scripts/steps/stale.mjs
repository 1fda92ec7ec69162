import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../paths.mjs';

/**
 * Whether something built from `inputs` has to be built again. Cheap: it looks at names, lengths and times, not at content.
 *
 * @param {string} stamp absolute path of the file that remembers the last build
 * @param {readonly string[]} inputs files and folders, relative to the project
 * @returns {{ stale: boolean, settle: () => void, forget: () => void }} `settle` after a good build, `forget` before building
 */
export function staleness(stamp, inputs) {
  const now = fingerprint(inputs);
  return {
    stale: readOrNothing(stamp) !== now,
    settle() {
      mkdirSync(dirname(stamp), { recursive: true });
      writeFileSync(stamp, now);
    },
    forget() {
      rmSync(stamp, { force: true });
    },
  };
}

/** @param {readonly string[]} inputs */
function fingerprint(inputs) {
  const hash = createHash('sha256').update(process.version);
  for (const input of inputs) visit(join(ROOT, input), hash);
  return hash.digest('hex');
}

/** @param {string} path @param {import('node:crypto').Hash} hash */
function visit(path, hash) {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts?.isDirectory()) {
    for (const name of readdirSync(path).sort()) if (!/\.test\.(ts|tsx|mjs)$/.test(name)) visit(join(path, name), hash);
  } else if (facts) {
    hash.update(`${path}\0${facts.size}\0${facts.mtimeMs}\n`);
  }
}

/** @param {string} path */
function readOrNothing(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
