import { deflateSync } from 'fflate';
import type { GreyFilm } from '../film/grey-film.js';
import { resizePillow } from '../film/resize.js';
import type { LinkWriter } from './link-bytes.js';
import { LEVELS, predict, PREVIEW_SIDE, type Preview } from './preview.js';

/** A film at 64 pixels and 16 greys: enough to know a film by, and no more than a link can carry. */
export function makePreview({ facts, pixels }: GreyFilm): Preview {
  const scale = PREVIEW_SIDE / Math.max(facts.width, facts.height);
  const width = Math.max(1, Math.round(facts.width * scale));
  const height = Math.max(1, Math.round(facts.height * scale));
  const small = resizePillow(pixels, facts.width, facts.height, width, height);
  return { width, height, levels: small.map((grey) => Math.round((grey * (LEVELS - 1)) / 255)) };
}

/** Width, height, length, and the deflated differences of each pixel from its neighbours, modulo 16. */
export function writePreview(writer: LinkWriter, { width, height, levels }: Preview): void {
  const differences = levels.map((level, i) => (level - predict(levels, i, width) + LEVELS) % LEVELS);
  const packed = deflateSync(differences, { level: 9 });
  writer.uint8(width);
  writer.uint8(height);
  writer.uint16(packed.length);
  writer.bytes(packed);
}
