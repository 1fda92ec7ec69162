import { useEffect, useRef } from 'react';
import type { Preview } from '../../core/link/preview.js';

interface PreviewPictureProps {
  readonly preview: Preview;
  readonly label: string;
}

/** The tiny picture of a film that a link may carry. */
export function PreviewPicture({ preview, label }: PreviewPictureProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  const { width, height, levels } = preview;
  useEffect(() => {
    const context = ref.current?.getContext('2d');
    if (!context) return;
    const image = new ImageData(width, height);
    // Sixteen levels over the 256 of a screen: 15 * 17 is 255.
    levels.forEach((level, i) => image.data.set([17 * level, 17 * level, 17 * level, 255], 4 * i));
    context.putImageData(image, 0, 0);
  }, [width, height, levels]);
  return <canvas ref={ref} className="preview-picture" role="img" aria-label={label} width={width} height={height} />;
}
