// A process of its own: inferences one after the other.
//   node bare-native.mjs FOLDER THREADS RUNS    prints {"batch": [ms, …], "singles": [ms, …]}
// `singles` runs the five positions one after the other, as the reference implementation does.
import { openBare } from './bare-session.mjs';

const [folder = '', threads = '1', runs = '1'] = process.argv.slice(2);
const { run } = await openBare(folder, Number(threads));

/** @param {() => Promise<unknown>} work @param {number} count */
async function time(work, count) {
  await work();
  await work();
  const times = [];
  for (let i = 0; i < count; i += 1) {
    const begun = performance.now();
    await work();
    times.push(performance.now() - begun);
  }
  return times;
}

const batch = await time(() => run(5), Number(runs));
const singles = await time(
  async () => {
    for (let i = 0; i < 5; i += 1) await run(1);
  },
  Math.ceil(Number(runs) / 3),
);
process.stdout.write(JSON.stringify({ batch, singles }));
