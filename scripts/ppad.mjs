// `npm run -s ppad -- …`: the command line, bundled on the fly. Standard output belongs to its results alone.
import { pathToFileURL } from 'node:url';
import { ensureCli } from './steps/build-cli.mjs';

try {
  await import(pathToFileURL(await ensureCli()).href);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
