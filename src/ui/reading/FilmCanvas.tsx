import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ScoredFilm } from '../../state/index.js';
import { paintFilm } from './paint-film.js';

interface FilmCanvasProps {
  readonly scored: ScoredFilm;
}

/** The film itself. */
export function FilmCanvas({ scored }: FilmCanvasProps) {
  const { t } = useTranslation();
  const ref = useRef<HTMLCanvasElement>(null);
  const { width, height } = scored.result.film;
  const { pixels } = scored;
  useEffect(() => {
    const canvas = ref.current;
    if (!canvas) return;
    const controller = new AbortController();
    void paintFilm(canvas, { width, height, pixels }, controller.signal).then((painted) => {
      // What the bench reads: the frame after this one shows the result.
      if (painted) requestAnimationFrame(() => setTimeout(() => performance.mark('film-painted')));
    });
    return () => controller.abort();
  }, [width, height, pixels]);
  return <canvas ref={ref} role="img" aria-label={t('result.film', { width, height })} />;
}
