import { zipSync, type Zippable } from 'fflate';
import { describe, expect, it } from 'vitest';
import { fixture } from '../film/testing/fixtures.js';
import { byteSource } from '../torch/tensor.js';
import { listFilmArchive, MOST_ENTRIES, type ArchivedFilm } from './film-archive.js';
import { unpackFilm } from './unpack.js';

const film = fixture('films/grey8.png');
const jpeg = fixture('films/grey.jpg');
const zip = (files: Zippable): Uint8Array => zipSync(files);
const list = (bytes: Uint8Array) => listFilmArchive(byteSource(bytes));

/** The one film of an archive, and what unpacking it gives. */
async function only(bytes: Uint8Array): Promise<ArchivedFilm> {
  const { films } = await list(bytes);
  const [first] = films;
  if (!first || films.length > 1) throw new Error(`${films.length} films`);
  return first;
}

/** The archive with a field of each directory entry changed: `at` counts from the entry's signature. */
function patched(bytes: Uint8Array, at: number, change: (view: DataView, offset: number) => void): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  for (let i = 0; i + 46 <= copy.length; i++) if (view.getUint32(i, true) === 0x02014b50) change(view, i + at);
  return copy;
}

describe('an archive of films', () => {
  it('lists its films and leaves other files out, hidden ones too', async () => {
    const { films, leftOut } = await list(
      zip({
        'a/1.png': [film, { level: 0 }],
        'a/2.JPG': jpeg,
        'a/list.csv': film,
        '__MACOSX/a/._1.png': film,
        'a/.DS_Store': film,
        'b/': new Uint8Array(0),
      }),
    );
    expect(films.map(({ name, refused }) => [name, refused])).toEqual([
      ['a/1.png', undefined],
      ['a/2.JPG', undefined],
    ]);
    expect(leftOut).toBe(3);
  });

  it.each([0, 6] as const)('gives back a film as it was put in (level %i)', async (level) => {
    const bytes = zip({ 'film.png': [film, { level }] });
    expect(await unpackFilm(byteSource(bytes), await only(bytes))).toEqual(new Uint8Array(film));
  });

  it('reads names that are not UTF-8', async () => {
    const bytes = zip({ 'xx.png': film });
    for (let i = 0; i < bytes.length - 1; i++) if (bytes[i] === 0x78 && bytes[i + 1] === 0x78) bytes.set([0xd0, 0xd8], i);
    expect((await only(bytes)).name).toBe('胸.png');
  });
});

describe('an archive that is not what it should be', () => {
  const good = zip({ 'film.png': [film, { level: 6 }] });

  it.each([
    ['no zip', film, 'ZIP_INVALID'],
    ['cut off', good.subarray(0, good.length - 10), 'ZIP_INVALID'],
    ['empty', zip({}), 'NO_FILMS'],
    ['without films', zip({ 'readme.txt': film }), 'NO_FILMS'],
  ])('%s: %s', async (_, bytes, code) => {
    await expect(list(bytes)).rejects.toMatchObject({ code });
  });

  it('with too many entries is not listed', async () => {
    const many = zip(Object.fromEntries(Array.from({ length: MOST_ENTRIES + 1 }, (_, i) => [`${i}.png`, new Uint8Array(0)])));
    await expect(list(many)).rejects.toMatchObject({ code: 'ZIP_BOMB', detail: { entries: MOST_ENTRIES + 1 } });
  });

  it('that would unpack a thousandfold is refused by its directory, as a whole and by entry', async () => {
    const zeros = new Uint8Array(4_000_000);
    await expect(list(zip({ 'zeros.png': zeros }))).rejects.toMatchObject({ code: 'ZIP_BOMB', detail: { unpacked: 4_000_000 } });
    const noise = Uint8Array.from({ length: 60_000 }, (_, i) => (i * i * 7919) >> 7);
    const { films } = await list(zip({ 'zeros.png': zeros, 'noise.png': [noise, { level: 0 }] }));
    expect(films.map(({ refused }) => refused?.code)).toEqual(['ZIP_BOMB', undefined]);
  });

  it('whose entries share bytes is refused', async () => {
    const two = zip({ 'a.png': [film, { level: 0 }], 'b.png': [film, { level: 0 }] });
    const overlapping = patched(two, 42, (view, at) => view.setUint32(at, 0, true));
    await expect(list(overlapping)).rejects.toMatchObject({ code: 'ZIP_BOMB', detail: { offset: 0 } });
  });

  it.each([
    ['encrypted', (b: Uint8Array) => patched(b, 8, (view, at) => view.setUint16(at, 1, true)), 'ZIP_ENCRYPTED'],
    [
      'packed by another method',
      (b: Uint8Array) => patched(b, 10, (view, at) => view.setUint16(at, 12, true)),
      'ZIP_UNSUPPORTED',
    ],
  ])('an entry that is %s keeps its error to itself', async (_, change, code) => {
    const bytes = change(good);
    const one = await only(bytes);
    expect(one.refused?.code).toBe(code);
    await expect(unpackFilm(byteSource(bytes), one)).rejects.toMatchObject({ code, detail: { entry: 'film.png' } });
  });

  it('an archive within is not opened', async () => {
    expect((await only(zip({ 'inner.zip': good }))).refused?.code).toBe('ZIP_NESTED');
  });

  it('that declares two gigabytes in a few hundred bytes is refused, not allocated', async () => {
    const declared = patched(good, 24, (view, at) => view.setUint32(at, 0x7fffffff, true));
    await expect(list(declared)).rejects.toMatchObject({ code: 'ZIP_BOMB' });
  });

  it.each([
    ['less than it holds', (size: number) => size - 1],
    ['more than it holds', (size: number) => size + 1],
  ])('an entry that declares %s is damaged', async (_, change) => {
    const lying = patched(good, 24, (view, at) => view.setUint32(at, change(view.getUint32(at, true)), true));
    await expect(unpackFilm(byteSource(lying), await only(lying))).rejects.toMatchObject({ code: 'ZIP_INVALID' });
  });

  it('an entry with one byte changed is damaged, packed or not', async () => {
    for (const level of [0, 6] as const)
      for (let at = 60; at < 160; at += 7) {
        const bytes = zip({ 'film.png': [film, { level }] });
        bytes[at]! ^= 0x10;
        await expect(unpackFilm(byteSource(bytes), await only(bytes))).rejects.toMatchObject({ code: 'ZIP_INVALID' });
      }
  });
});
