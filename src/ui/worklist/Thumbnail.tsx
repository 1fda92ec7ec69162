import { useCallback, useEffect, useRef, useSyncExternalStore } from 'react';
import { resultOf, type Film } from '../../state/index.js';
import { usePage } from '../shared/index.js';

/** A row that is scrolled past is not worth a decoder's while. */
const PATIENCE_MS = 150;

/** A film in small. It is made again when its row comes into sight, if it was let go of. */
export function Thumbnail({ film }: { readonly film: Film }) {
  const { thumbnails } = usePage();
  const { id } = film;
  const subscribe = useCallback((listener: () => void) => thumbnails.subscribe(id, listener), [thumbnails, id]);
  const pixels = useSyncExternalStore(subscribe, () => thumbnails.get(id));
  const canvas = useRef<HTMLCanvasElement>(null);
  const result = resultOf(film);
  const missing = result !== undefined && pixels === undefined;
  useEffect(() => {
    if (!missing) return;
    const timer = setTimeout(() => void thumbnails.want(film), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [missing, thumbnails, film]);
  useEffect(() => {
    if (pixels && canvas.current) paint(canvas.current, pixels);
  }, [pixels]);
  const aspect = result ? result.film.width / result.film.height : 1;
  return (
    <span className="thumbnail" aria-hidden>
      {pixels && (
        <canvas ref={canvas} style={{ width: `${100 * Math.min(1, aspect)}%`, height: `${100 * Math.min(1, 1 / aspect)}%` }} />
      )}
    </span>
  );
}

function paint(canvas: HTMLCanvasElement, pixels: Uint8Array): void {
  const side = Math.round(Math.sqrt(pixels.length));
  canvas.width = side;
  canvas.height = side;
  const image = new ImageData(side, side);
  const words = new Uint32Array(image.data.buffer);
  for (let i = 0; i < words.length; i++) words[i] = 0xff000000 | ((pixels[i] ?? 0) * 0x010101);
  canvas.getContext('2d', { alpha: false })?.putImageData(image, 0, 0);
}
