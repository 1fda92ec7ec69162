import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { listen } from '../listen.mjs';
import { PAGE, WORK } from '../paths.mjs';
import { createStaticServer } from '../serve.mjs';
import { findChromium } from '../steps/chromium.mjs';

/** @typedef {import('@playwright/test').Page} BrowserPage */

function options() {
  const executablePath = findChromium();
  const args = [
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-quic',
    '--disable-sync',
    '--no-first-run',
  ];
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  return { args, ...(executablePath ? { executablePath } : {}) };
}

/** @returns {Promise<import('@playwright/test').Browser>} */
export function launch() {
  return chromium.launch(options());
}

/**
 * A browser with a new profile on disk, as people have one. Without it, what is kept between visits is not kept: an in-memory
 * profile compiles onnxruntime's WebAssembly at each.
 *
 * @returns {Promise<{ context: import('@playwright/test').BrowserContext, close: () => Promise<void> }>}
 */
export async function launchWithProfile() {
  const profile = mkdtempSync(join(tmpdir(), 'ppad-bench-'));
  const context = await chromium.launchPersistentContext(profile, options());
  const close = async () => {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  };
  return { context, close };
}

/**
 * Serves the built page with `pack` as its default pack, and `bench/`: onnxruntime-web alone.
 *
 * @param {{ folder: string }} pack
 * @returns {Promise<{ url: string, sentBytes: () => number, close: () => void }>} `sentBytes`: bodies and headers sent so far
 */
export async function serveWith(pack) {
  const overlay = join(WORK, 'bench/overlay');
  rmSync(overlay, { recursive: true, force: true });
  cpSync(fileURLToPath(new URL('./web', import.meta.url)), join(overlay, 'bench'), { recursive: true });
  const ort = dirname(createRequire(import.meta.url).resolve('onnxruntime-web'));
  cpSync(join(ort, 'ort.wasm.min.mjs'), join(overlay, 'bench/ort.wasm.min.mjs'));
  mkdirSync(join(overlay, 'models'), { recursive: true });
  cpSync(pack.folder, join(overlay, 'models/default'), { recursive: true });

  const server = createStaticServer(overlay, PAGE);
  let closed = 0;
  /** @type {Set<import('node:net').Socket>} */
  const open = new Set();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => {
      open.delete(socket);
      closed += socket.bytesWritten;
    });
  });
  const url = await listen(server, 0);
  return {
    url,
    sentBytes: () => [...open].reduce((sum, socket) => sum + socket.bytesWritten, closed),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** What the page under measurement tells: results as the worker sends them, and long tasks. */
export const PROBE = () => {
  /** @type {{ results: { score: number, ms: { decode: number, preprocess: number, inference: number } }[], longTasks: number[] }} */
  const probe = { results: [], longTasks: [] };
  Object.assign(globalThis, { probe });
  const Plain = Worker;
  globalThis.Worker = class extends Plain {
    /** @param {string | URL} url @param {WorkerOptions} [options] */
    constructor(url, options) {
      super(url, options);
      this.addEventListener('message', ({ data }) => {
        const result = data?.value?.value?.result;
        if (result) probe.results.push(result);
      });
    }
  };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) probe.longTasks.push(duration);
  }).observe({ type: 'longtask' });
};

/**
 * Drops a film on the page and waits until its score is painted.
 *
 * @param {BrowserPage} page @param {Buffer} film
 * @returns {Promise<{ toPaint: number, inference: number, decode: number, preprocess: number, longTasks: number[] }>} ms
 */
export function dropFilm(page, film) {
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], 'film.jpg', { type: 'image/jpeg' }));
    const zone = document.querySelector('[data-testid=drop-zone]');
    const { probe } =
      /** @type {{ probe: { results: { score: number, ms: Record<'decode' | 'preprocess' | 'inference', number> }[],
      longTasks: number[] } }} */ (/** @type {unknown} */ (globalThis));
    const before = probe.results.length;
    // Unpacking the film above takes a task of its own, which is ours and not the page's.
    await new Promise((resolve) => setTimeout(resolve, 20));
    probe.longTasks.length = 0;
    const begun = performance.now();
    zone?.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
    // Looks when the page has changed something: a look at every frame would have frames drawn on the cores that infer.
    const result = await new Promise((resolve, reject) => {
      const look = () => {
        const failed = document.querySelector('[data-testid=error]');
        const last = probe.results[before];
        const shown = document.querySelector('[data-testid=image-score]')?.getAttribute('data-value');
        if (!failed && (!last || shown !== String(last.score))) return;
        observer.disconnect();
        if (failed) reject(new Error(failed.getAttribute('data-code') ?? 'failed'));
        else resolve(last);
      };
      const observer = new MutationObserver(look);
      observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    });
    await new Promise((resolve) => requestAnimationFrame(resolve));
    // A task after the frame's callbacks comes after its painting.
    await new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = resolve;
      port2.postMessage(0);
    });
    const toPaint = performance.now() - begun;
    await new Promise((resolve) => setTimeout(resolve, 100));
    return { toPaint, ...result.ms, longTasks: [...probe.longTasks] };
  }, film.toString('base64'));
}
