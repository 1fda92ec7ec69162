// A process of its own: inferences by onnxruntime-node alone.
//   node bare-native.mjs FOLDER THREADS RUNS FILMS    prints {"batch": [ms, …], "between": [ms, …], "idle": [ms, …], "singles": [ms, …]}
// `between` decodes a film of the folder FILMS before each, so that caches and threads are as the command line has them; `idle` waits
// about as long instead; `batch` does neither; `singles` runs the five positions one by one, as the reference implementation does.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import decode, { init } from '@jsquash/jpeg/decode.js';
import { openBare } from './bare-session.mjs';

/** What a JPEG of 2.1 megapixels takes to decode. */
const IDLE_MS = 40;

const [folder = '', threads = '1', runs = '1', films = ''] = process.argv.slice(2);
const { run } = await openBare(folder, Number(threads));
// The codec makes one of these, which browsers have.
Object.assign(globalThis, {
  ImageData: class {
    /** @param {Uint8ClampedArray} data @param {number} width @param {number} height */
    constructor(data, width, height) {
      Object.assign(this, { data, width, height });
    }
  },
});
const wasm = createRequire(import.meta.url).resolve('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm');
await init(await WebAssembly.compile(new Uint8Array(readFileSync(wasm))));
const files = readdirSync(films).map((name) => new Uint8Array(readFileSync(join(films, name))));

/** @param {() => Promise<unknown>} work @param {number} count @param {(i: number) => Promise<unknown>} [before] not timed */
async function time(work, count, before) {
  const times = [];
  for (let i = -2; i < count; i += 1) {
    await before?.(i + 2);
    const begun = performance.now();
    await work();
    if (i >= 0) times.push(performance.now() - begun);
  }
  return times;
}

const batch = await time(() => run(5), Number(runs));
const between = await time(
  () => run(5),
  Number(runs),
  async (i) => decode(/** @type {Uint8Array<ArrayBuffer>} */ (files[i % files.length]).buffer),
);
const idle = await time(
  () => run(5),
  Number(runs),
  () => sleep(IDLE_MS),
);
const singles = await time(
  async () => {
    for (let i = 0; i < 5; i += 1) await run(1);
  },
  Math.ceil(Number(runs) / 3),
);
process.stdout.write(JSON.stringify({ batch, between, idle, singles }));
