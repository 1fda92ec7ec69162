import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** @typedef {{ file: string, pathname: string, size: number, mtimeMs: number }} FoundFile */

/**
 * The file of `root` that a request asks for; a folder means its index.html. Nothing outside `root`, nothing hidden, no
 * compressed sibling.
 *
 * @param {string} root an absolute path without symbolic links
 * @param {string} target the request's target, as it came
 * @returns {Promise<FoundFile | undefined>}
 */
export async function findFile(root, target) {
  const pathname = decode(target);
  if (pathname === undefined || !isPlain(pathname)) return undefined;
  const wanted = join(root, pathname.endsWith('/') ? `${pathname}index.html` : pathname);
  try {
    const file = await realpath(wanted);
    if (!file.startsWith(root + sep)) return undefined;
    const facts = await stat(file);
    return facts.isFile() ? { file, pathname, size: facts.size, mtimeMs: facts.mtimeMs } : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} target */
function decode(target) {
  try {
    return decodeURIComponent(target.replace(/[?#].*$/s, ''));
  } catch {
    return undefined;
  }
}

/** @param {string} pathname */
function isPlain(pathname) {
  if (!pathname.startsWith('/') || /[\0\\]/.test(pathname) || pathname.endsWith('.br')) return false;
  return !pathname.split('/').some((segment) => segment.startsWith('.'));
}
