import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run, runModule } from './run.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const ELSEWHERE = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];
/** How each distribution installs it. */
const PACKAGERS = [
  { program: 'apt-get', steps: [['update'], ['install', '-y', '--no-install-recommends', 'chromium']] },
  { program: 'dnf', steps: [['install', '-y', 'chromium']] },
  { program: 'apk', steps: [['add', '--no-cache', 'chromium']] },
];

/** @returns {string | undefined} a Chromium of this machine: `CHROME_PATH`, else one on the path */
export function findChromium() {
  const named = process.env['CHROME_PATH'];
  if (named) return existsSync(named) ? named : undefined;
  return onPath(NAMES) ?? ELSEWHERE.find((path) => existsSync(path));
}

/**
 * A Chromium for the browser tests: the machine's, else (as root) the distribution's package, else Playwright's download.
 *
 * @returns {Promise<{ path: string | undefined, problem: string | undefined }>} no path: Playwright's own is used
 */
export async function ensureChromium() {
  const present = findChromium();
  if (present) return { path: present, problem: undefined };
  if (process.env['CHROME_PATH'])
    return { path: undefined, problem: `CHROME_PATH names ${process.env['CHROME_PATH']}, which is not there.` };

  const packager = process.getuid?.() === 0 ? PACKAGERS.find(({ program }) => onPath([program])) : undefined;
  for (const args of packager?.steps ?? []) {
    console.log(`Installing Chromium: ${packager?.program} ${args.join(' ')}`);
    const { status } = await run(packager?.program ?? '', args, { quiet: true, env: { DEBIAN_FRONTEND: 'noninteractive' } });
    if (status !== 0) break;
  }
  const installed = findChromium();
  if (installed) return { path: installed, problem: undefined };

  console.log("Installing Chromium: Playwright's download");
  const { status } = await runModule('@playwright/test/cli.js', ['install', 'chromium'], { quiet: true });
  if (status === 0) return { path: undefined, problem: undefined };
  return {
    path: undefined,
    problem:
      'No Chromium: none on the path, the distribution has no package for it (or this is not root), and the download failed. ' +
      'Install Chromium or Chrome, or name one in CHROME_PATH.',
  };
}

/** @param {readonly string[]} names */
function onPath(names) {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

/** @param {string} file */
function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
