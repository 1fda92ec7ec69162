import { fileURLToPath } from 'node:url';
import { isMainThread, workerData } from 'node:worker_threads';
import { processIo } from './io.js';
import { runDecoder, type DecoderTask } from './ports/decoder-thread.js';
import { runCommand } from './run-command.js';

const isDecoder = (data: unknown): data is DecoderTask =>
  typeof data === 'object' && data !== null && 'role' in data && data.role === 'decoder';

if (!isMainThread && isDecoder(workerData)) {
  runDecoder(workerData);
} else {
  // npm runs scripts in the project's folder; the films that were named lie where the person stands.
  const { npm_lifecycle_event: script, INIT_CWD: stands } = process.env;
  if (script === 'ppad' && stands !== undefined) process.chdir(stands);
  const stop = new AbortController();
  // Once: whoever presses again means it. SIGTERM is how job schedulers say that time is up.
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  const io = processIo({
    program: new URL(import.meta.url),
    // The bundle lies as deep as this file does (scripts/paths.mjs).
    defaultPack: fileURLToPath(new URL('../../models/default', import.meta.url)),
    merges: fileURLToPath(new URL('../../public/tokenizer/clip-merges.txt', import.meta.url)),
    signal: stop.signal,
  });
  const status = await runCommand(process.argv.slice(2), io);
  // The WebAssembly runtime's threads would keep the process alive. All that was printed is out by now.
  process.exit(status);
}
