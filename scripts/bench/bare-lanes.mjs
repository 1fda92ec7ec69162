// A process of its own: inferences side by side, a session of so many threads in each of so many threads of this process.
//   node bare-lanes.mjs FOLDER LANES THREADS RUNS    prints ms a film, start not counted
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { openBare } from './bare-session.mjs';

const WARM_UP = 3;

if (isMainThread) {
  const [folder = '', lanes = '1', threads = '1', runs = '1'] = process.argv.slice(2);
  const each = Math.ceil(Number(runs) / Number(lanes));
  const workers = Array.from(
    { length: Number(lanes) },
    () => new Worker(new URL(import.meta.url), { workerData: { folder, threads: Number(threads), runs: each } }),
  );
  const next = () => Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('message', resolve))));
  await next();
  const begun = performance.now();
  for (const worker of workers) worker.postMessage('go');
  await next();
  process.stdout.write(String((performance.now() - begun) / (each * Number(lanes))));
  process.exit(0);
}

/** @type {{ folder: string, threads: number, runs: number }} */
const { folder, threads, runs } = workerData;
const { run } = await openBare(folder, threads);
for (let i = 0; i < WARM_UP; i += 1) await run(5);
const work = async () => {
  for (let i = 0; i < runs; i += 1) await run(5);
  parentPort?.postMessage('done');
};
parentPort?.once('message', () => void work());
parentPort?.postMessage('ready');
