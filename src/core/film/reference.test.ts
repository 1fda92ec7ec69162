import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { decodeFilm } from './decode.js';
import { resizeSteps } from './resize.js';
import { testCodecs } from './testing/codecs.js';

const REFERENCE = fileURLToPath(new URL('../../../../shared/reference/', import.meta.url));
const isThere = existsSync(REFERENCE);
const codecs = testCodecs();

function read(path: string): Uint8Array {
  return new Uint8Array(readFileSync(path));
}

describe.skipIf(!isThere)('real films, against the reference (skipped where ../shared/reference is absent)', () => {
  const films = isThere ? readdirSync(`${REFERENCE}images`) : [];
  const folders = isThere ? readdirSync(REFERENCE).filter((folder) => existsSync(`${REFERENCE}${folder}/nih-1.resized.png`)) : [];

  it('finds the films and the golden folders', () => {
    expect(films).toHaveLength(8);
    expect(folders.length).toBeGreaterThanOrEqual(2);
  });

  it.each(films)('%s becomes the input that Pillow makes', async (name) => {
    const film = await decodeFilm(read(`${REFERENCE}images/${name}`), codecs);
    const input = resizeSteps(film, [224]);
    for (const folder of folders) {
      const golden = await decodeFilm(read(`${REFERENCE}${folder}/${name.replace(/\.\w+$/, '')}.resized.png`), codecs);
      const differences = input.map((value, index) => Math.abs(value - golden.pixels[index]!));
      expect(golden.pixels).toHaveLength(224 * 224);
      expect(Math.max(...differences)).toBe(0);
    }
  });
});
