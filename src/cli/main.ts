import { fileURLToPath } from 'node:url';
import { processIo } from './io.js';
import { runCommand } from './run-command.js';

// npm runs scripts in the project's folder; the films that were named lie where the person stands.
const { npm_lifecycle_event: script, INIT_CWD: stands } = process.env;
if (script === 'ppad' && stands !== undefined) process.chdir(stands);
const stop = new AbortController();
// Once: whoever presses again means it. SIGTERM is how job schedulers say that time is up.
process.once('SIGINT', () => stop.abort());
process.once('SIGTERM', () => stop.abort());
const io = processIo({
  lane: new URL('./lane.mjs', import.meta.url),
  // The bundle lies as deep as this file does (scripts/paths.mjs).
  defaultPack: fileURLToPath(new URL('../../models/default', import.meta.url)),
  merges: fileURLToPath(new URL('../../public/tokenizer/clip-merges.txt', import.meta.url)),
  signal: stop.signal,
});
const status = await runCommand(process.argv.slice(2), io);
// The WebAssembly runtime's threads would keep the process alive. All that was printed is out by now.
process.exit(status);
