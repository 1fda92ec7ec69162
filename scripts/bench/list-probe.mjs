/**
 * What the list under measurement tells of itself.
 *
 * @typedef {{
 *   results: number[],
 *   tasks: { at: number, ms: number }[],
 *   told: number[],
 *   frames: number[],
 *   scrolling: boolean,
 * }} Probe `results`, `told`: when a result reached the page, when the list said so; `frames`: ms from frame to frame of a scroll
 */

/** Put into the page before its own code: when results come, and which tasks hold the page up for over 50 ms. */
export const LIST_PROBE = () => {
  /** @type {Probe} */
  const probe = { results: [], tasks: [], told: [], frames: [], scrolling: false };
  Object.assign(globalThis, { probe });
  const Plain = Worker;
  globalThis.Worker = class extends Plain {
    /** @param {string | URL} url @param {WorkerOptions} [options] */
    constructor(url, options) {
      super(url, options);
      this.addEventListener('message', ({ data }) => {
        const value = data?.value?.value;
        if ((value?.result ?? value)?.positions) probe.results.push(performance.now());
      });
    }
  };
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) probe.tasks.push({ at: startTime, ms: duration });
  }).observe({ type: 'longtask' });
};

/** Notes from now on when the list's count of scored films moves. */
export const WATCH_COUNT = () => {
  const { probe } = /** @type {{ probe: Probe }} */ (/** @type {unknown} */ (globalThis));
  const queue = document.querySelector('[data-testid=queue]');
  if (!queue) throw new Error('There is no list.');
  new MutationObserver(() => probe.told.push(performance.now())).observe(queue, { attributeFilter: ['data-scored'] });
};

/** Scrolls the list up and down, some four rows in ten frames, until `stopScroll`. */
export const SCROLL = () => {
  const { probe } = /** @type {{ probe: Probe }} */ (/** @type {unknown} */ (globalThis));
  const grid = document.querySelector('[data-testid=film-grid]');
  if (!grid) throw new Error('There is no list.');
  probe.frames = [];
  probe.scrolling = true;
  let last = performance.now();
  let step = 20;
  const frame = (/** @type {number} */ now) => {
    if (!probe.scrolling) return;
    probe.frames.push(now - last);
    last = now;
    const before = grid.scrollTop;
    grid.scrollTop += step;
    if (grid.scrollTop === before) step = -step;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame((now) => {
    last = now;
    requestAnimationFrame(frame);
  });
};

/** Ends a scroll. @returns {number[]} ms from frame to frame */
export const STOP_SCROLL = () => {
  const { probe } = /** @type {{ probe: Probe }} */ (/** @type {unknown} */ (globalThis));
  probe.scrolling = false;
  return probe.frames;
};
