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
