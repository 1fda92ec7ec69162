import { openBare, openLanes, runBare, runLanes } from './bare-web.mjs';
import { launch, serveWith } from './browser.mjs';
import { LIST_PROBE, SCROLL, STOP_SCROLL, WATCH_COUNT } from './list-probe.mjs';

/** @typedef {import('@playwright/test').Page} BrowserPage */
/** @typedef {import('./list-probe.mjs').Probe} Probe */

/**
 * What a list showed.
 *
 * @typedef {object} ListRun
 * @property {number} films
 * @property {number[]} still films a second of each turn in which nobody touched the page
 * @property {number[]} scrolled of each turn in which the list was scrolled
 * @property {number[]} alone inferences a second of onnxruntime-web alone, in turns with the others
 * @property {number[]} lanes the same, but in sessions of one thread side by side, as many as that one has threads
 * @property {number[]} frames ms from frame to frame, scrolling while films are scored
 * @property {number[]} idleFrames the same when all is scored
 * @property {number[]} longTasks ms, over 50 ms, from the first result to the last
 * @property {{ scored: number, bytes: number }[]} memory of the page and its workers, garbage gone
 * @property {number} longestSilence ms between two results' showing in the count, pauses of the measurement left out
 */

/** Inferences of onnxruntime-web alone in a turn. */
const ALONE = 20;

/**
 * Scores a list on the built page, paused every `turn` films for onnxruntime-web alone to infer in the same browser: what slows
 * the machine slows both. Every other turn the list is scrolled.
 *
 * @param {import('./material.mjs').Pack} pack @param {readonly string[]} paths
 * @param {{ turn: number, withMemory: boolean }} options `withMemory` takes three minutes: the browser waits for its own collection of garbage
 * @returns {Promise<ListRun>}
 */
export async function runList(pack, paths, options) {
  const site = await serveWith(pack);
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.addInitScript(LIST_PROBE);
    await page.goto(`${site.url}?backend=wasm`);
    await page.locator('.lamp.ready').waitFor({ timeout: 60_000 });
    const bare = await openBare(browser, site.url);
    await runBare(bare, ALONE);
    await openLanes(bare);
    await page.bringToFront();
    await page.getByTestId('file-input').setInputFiles([...paths]);
    await page.getByTestId('queue').waitFor({ timeout: 60_000 });
    await page.evaluate(WATCH_COUNT);
    return await inTurns(page, bare, paths.length, options);
  } finally {
    await browser.close();
    site.close();
  }
}

/** @param {BrowserPage} page @param {BrowserPage} bare @param {number} count @param {{ turn: number, withMemory: boolean }} options @returns {Promise<ListRun>} */
async function inTurns(page, bare, count, { turn, withMemory }) {
  /** @type {ListRun} */
  const run = {
    films: count,
    still: [],
    scrolled: [],
    alone: [],
    lanes: [],
    frames: [],
    idleFrames: [],
    longTasks: [],
    memory: [],
    longestSilence: 0,
  };
  for (let done = 0, i = 0; done < count; i += 1) {
    const scroll = i % 2 === 1;
    if (scroll) await page.evaluate(SCROLL);
    const begun = await page.evaluate(() => performance.now());
    await until(page, Math.min(count, done + turn));
    // What comes after is decoded already: counted in, it would flatter.
    const ended = await page.evaluate(() => performance.now());
    const frames = scroll ? await page.evaluate(STOP_SCROLL) : [];
    await pause(page);
    const seen = await between(page, begun, ended);
    done = await page.evaluate(() => /** @type {{ probe: Probe }} */ (/** @type {unknown} */ (globalThis)).probe.results.length);
    run.frames.push(...frames);
    run.longTasks.push(...seen.tasks);
    run.longestSilence = Math.max(run.longestSilence, ...gaps(seen.told));
    if (seen.results.length > turn / 2) run[scroll ? 'scrolled' : 'still'].push(rate(seen.results));
    const middle = done >= count / 2 && done < count / 2 + turn;
    if (withMemory && (i === 0 || middle || done >= count)) run.memory.push({ scored: done, bytes: await memory(page) });
    const times = await runBare(bare, ALONE);
    run.alone.push((1000 * times.length) / times.reduce((sum, one) => sum + one, 0));
    run.lanes.push(1000 / (await runLanes(bare, ALONE / 2)));
    if (done < count) await page.getByTestId('queue-pause').click();
  }
  await page.evaluate(SCROLL);
  await page.waitForTimeout(5000);
  run.idleFrames = await page.evaluate(STOP_SCROLL);
  return run;
}

/** @param {BrowserPage} page @param {number} count */
function until(page, count) {
  return page.waitForFunction(
    (wanted) => /** @type {{ probe: Probe }} */ (/** @type {unknown} */ (globalThis)).probe.results.length >= wanted,
    count,
    { timeout: 600_000, polling: 100 },
  );
}

/** Holds the queue and waits until the films under way are done: rows out of sight do not exist, the queue counts them all. @param {BrowserPage} page */
async function pause(page) {
  const button = page.getByTestId('queue-pause');
  if (await button.isVisible()) await button.click({ timeout: 2000 }).catch(() => undefined);
  await page.locator('[data-testid=queue][data-busy="0"]').waitFor({ timeout: 60_000 });
  await page.waitForTimeout(500);
}

/** @param {BrowserPage} page @param {number} begun @param {number} ended */
function between(page, begun, ended) {
  return page.evaluate(([from, to]) => {
    const { probe } = /** @type {{ probe: Probe }} */ (/** @type {unknown} */ (globalThis));
    const meanwhile = (/** @type {number} */ at) => at >= from && at <= to;
    return {
      results: probe.results.filter(meanwhile),
      told: probe.told.filter(meanwhile),
      tasks: probe.tasks.filter(({ at }) => meanwhile(at)).map(({ ms }) => ms),
    };
  }, /** @type {const} */ ([begun, ended]));
}

/** Bytes of the page's JavaScript, its workers' and their buffers. @param {BrowserPage} page @returns {Promise<number>} */
function memory(page) {
  return page.evaluate(async () => {
    const { measureUserAgentSpecificMemory: measure } =
      /** @type {{ measureUserAgentSpecificMemory: () => Promise<{ bytes: number }> }} */ (/** @type {unknown} */ (performance));
    return (await measure.call(performance)).bytes;
  });
}

/** @param {readonly number[]} times */
const gaps = (times) => times.slice(1).map((time, i) => time - (times[i] ?? time));

/** Results a second. @param {readonly number[]} times */
function rate(times) {
  const between = gaps(times);
  return (1000 * between.length) / between.reduce((sum, one) => sum + one, 0);
}
