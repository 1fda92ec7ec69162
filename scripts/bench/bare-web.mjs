import { ORT_PATH } from '../build/constants.mjs';

/**
 * A page with onnxruntime-web and the pack's graph, and nothing else.
 *
 * @param {import('@playwright/test').Browser} browser @param {string} url of the site that `serveWith` serves
 */
export async function openBare(browser, url) {
  const bare = await browser.newPage();
  await bare.goto(`${url}bench/`);
  await bare.evaluate(() => Object.assign(globalThis, { bareWorker: new Worker('bare-web.worker.js', { type: 'module' }) }));
  return bare;
}

/**
 * Opens a session of one thread in each of as many workers as `runBare` has threads.
 *
 * @param {import('@playwright/test').Page} page that `openBare` opened
 */
export async function openLanes(page) {
  await page.evaluate(() => {
    const count = Math.max(1, Math.min(4, navigator.hardwareConcurrency));
    const lanes = Array.from({ length: count }, () => new Worker('bare-web.worker.js', { type: 'module' }));
    Object.assign(globalThis, { lanes });
  });
  await runLanes(page, 1);
}

/** Milliseconds an inference when the lanes infer side by side. @param {import('@playwright/test').Page} page @param {number} runs in each */
export function runLanes(page, runs) {
  return page.evaluate(async ([ortPath, count]) => {
    const { lanes } = /** @type {{ lanes: Worker[] }} */ (/** @type {unknown} */ (globalThis));
    const begun = performance.now();
    await Promise.all(
      lanes.map(
        (lane) =>
          new Promise((resolve, reject) => {
            lane.onmessage = resolve;
            lane.onerror = (event) => reject(new Error(event.message));
            lane.postMessage({ base: new URL('../', location.href).href, ortPath, threads: 1, runs: count });
          }),
      ),
    );
    return (performance.now() - begun) / (count * lanes.length);
  }, /** @type {const} */ ([ORT_PATH, runs]));
}

/** Times of inference alone, in ms. @param {import('@playwright/test').Page} page @param {number} runs @returns {Promise<number[]>} */
export function runBare(page, runs) {
  return page.evaluate(
    ([ortPath, count]) =>
      new Promise((resolve, reject) => {
        const { bareWorker } = /** @type {{ bareWorker: Worker }} */ (/** @type {unknown} */ (globalThis));
        bareWorker.onmessage = (event) => resolve(/** @type {number[]} */ (event.data));
        bareWorker.onerror = (event) => reject(new Error(event.message));
        // The page's own worker takes as many.
        const threads = Math.max(1, Math.min(4, navigator.hardwareConcurrency));
        bareWorker.postMessage({ base: new URL('../', location.href).href, ortPath, threads, runs: count });
      }),
    /** @type {const} */ ([ORT_PATH, runs]),
  );
}
