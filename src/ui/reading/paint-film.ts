/** Grey pixels, row by row. */
export interface GreyPixels {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

// About 3 ms of work each on a slow machine: the page stays alive between strips.
const PIXELS_PER_STRIP = 500_000;
// More than any screen shows, less than any browser refuses.
const MOST_PIXELS = 16_000_000;

/**
 * Paints a film on a canvas at its native size, in strips with pauses between them; a film beyond 16 megapixels is shrunk
 * by a whole factor, each pixel the mean of a square. Stops quietly when the signal fires.
 *
 * @returns whether it was painted to the end.
 */
export async function paintFilm(canvas: HTMLCanvasElement, film: GreyPixels, signal: AbortSignal): Promise<boolean> {
  const step = Math.ceil(Math.sqrt((film.width * film.height) / MOST_PIXELS));
  const width = Math.floor(film.width / step);
  const height = Math.floor(film.height / step);
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) return false;
  canvas.width = width;
  canvas.height = height;
  const rows = Math.max(1, Math.floor(PIXELS_PER_STRIP / (width * step * step)));
  for (let top = 0; top < height; top += rows) {
    if (top > 0) await nextTask();
    if (signal.aborted) return false;
    const count = Math.min(rows, height - top);
    const strip = new ImageData(width, count);
    fillStrip(new Uint32Array(strip.data.buffer), film, { top, width, step });
    context.putImageData(strip, 0, top);
  }
  return true;
}

/** Opaque greys as 32-bit words; every machine with a browser is little-endian. */
function fillStrip(out: Uint32Array, film: GreyPixels, { top, width, step }: { top: number; width: number; step: number }): void {
  const { pixels } = film;
  if (step === 1) {
    const from = top * width;
    for (let i = 0; i < out.length; i++) out[i] = 0xff000000 | ((pixels[from + i] ?? 0) * 0x010101);
    return;
  }
  for (let i = 0; i < out.length; i++) {
    const from = (top + Math.floor(i / width)) * step * film.width + (i % width) * step;
    let sum = 0;
    for (let y = 0; y < step; y++) for (let x = 0; x < step; x++) sum += pixels[from + y * film.width + x] ?? 0;
    out[i] = 0xff000000 | (Math.round(sum / (step * step)) * 0x010101);
  }
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
