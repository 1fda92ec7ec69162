import { drawPhantom, encodePng } from '../core/film/phantom.js';

/** Draws a phantom and answers with its PNG: a second of arithmetic that the page and the engine need not wait for. */
self.addEventListener('message', ({ data }: MessageEvent<{ opacity: boolean; seed: number }>) => {
  const png = encodePng(drawPhantom(data));
  self.postMessage(png, { transfer: [png.buffer] });
});
