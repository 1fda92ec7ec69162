import { AppError } from '../core/errors.js';
import { baseName, looksLikeArchive, looksLikeFilm } from '../core/archive/film-names.js';
import { toErrorValue, type Decoders } from '../worker/client.js';
import type { IncomingFilm } from './film.js';
import type { FilmsSlice } from './films-slice.js';
import type { LinkSlice } from './link-slice.js';
import { listOrder, PLAIN_VIEW, type ListView, type SortKey } from './list-order.js';
import { sortFiles } from './model-files.js';
import type { ModelsSlice } from './models-slice.js';
import type { SliceCreator } from './slice.js';

/** A file as it was dropped or chosen: `path` within the folder it came in, its name if it came by itself. */
export interface IncomingFile {
  readonly path: string;
  readonly file: File;
}

export interface WorklistSlice {
  readonly listShown: boolean;
  readonly listView: ListView;
  /** Files of folders and archives that were not taken in, being no films by their names. */
  readonly leftOut: number;
  /** An archive's directory is being read. */
  readonly unpacking: boolean;
  /** Takes in files, folders' files and what zip archives hold: checkpoints and packs as models, all else as films. */
  takeFiles(files: readonly IncomingFile[]): Promise<void>;
  setListShown(shown: boolean): void;
  setListView(change: Partial<ListView>): void;
  /** Sorts by a key; by the one in use, the other way round. */
  sortBy(key: SortKey): void;
  /** Opens the film so many places further down the list. */
  step(by: number): void;
}

/** A list longer than this is better given to the command line, which resumes. */
export const MOST_FILES = 20_000;

const byPath = new Intl.Collator(undefined, { numeric: true });

export const createWorklistSlice =
  (decoders: Decoders): SliceCreator<WorklistSlice, FilmsSlice & LinkSlice & ModelsSlice> =>
  (set, get) => ({
    listShown: false,
    listView: PLAIN_VIEW,
    leftOut: 0,
    unpacking: false,
    takeFiles: async (files) => {
      const { films, models } = await sortFiles(files);
      if (models.length > 0) void get().takeModels(models.map(({ file }) => ({ name: file.name, file })));
      const [first] = films;
      if (!first) return;
      if (models.length === 0) get().hideModels();
      // Over a shared result, a film is there to be compared with it.
      if (get().link?.kind === 'shown') return get().checkFilm({ name: first.file.name, source: first.file });
      const taken = await expand(films, decoders, (unpacking) => set({ unpacking }));
      if (taken.films.length > 1) set({ listShown: true });
      set({ leftOut: taken.leftOut });
      get().addFilms(taken.films);
    },
    setListShown: (listShown) => set({ listShown }),
    setListView: (change) => set(({ listView }) => ({ listView: { ...listView, ...change } })),
    sortBy: (key) =>
      set(({ listView }) => ({
        // Scores are asked for from the highest down.
        listView: {
          ...listView,
          sort: key,
          descending: listView.sort === key ? !listView.descending : key !== 'added' && key !== 'name',
        },
      })),
    step: (by) => {
      const { films, listView, currentId } = get();
      const order = listOrder(films, listView);
      const at = order.findIndex(({ id }) => id === currentId);
      const target = order[at < 0 ? (by > 0 ? 0 : order.length - 1) : at + by];
      if (target) get().openFilm(target.id);
    },
  });

interface Taken {
  readonly films: readonly IncomingFilm[];
  readonly leftOut: number;
}

async function expand(files: readonly IncomingFile[], decoders: Decoders, busy: (is: boolean) => void): Promise<Taken> {
  const films: IncomingFilm[] = [];
  let leftOut = 0;
  // What came in folders is in whatever order the disk gave it.
  const inFolders = files.some(({ path }) => path.includes('/'));
  for (const { path, file } of inFolders ? files.toSorted((a, b) => byPath.compare(a.path, b.path)) : files) {
    const name = baseName(path);
    const folder = path.slice(0, -name.length);
    if (looksLikeArchive(name) || /^application\/(x-)?zip/.test(file.type)) {
      busy(true);
      const found = await listArchive(file, folder + name, decoders);
      films.push(...found.films);
      leftOut += found.leftOut;
    } else if (folder === '' || looksLikeFilm(path)) films.push({ name, folder, source: file });
    else leftOut++;
  }
  busy(false);
  const [first] = files;
  if (films.length === 0 && first)
    films.push(refusal(first.path, first.file, new AppError('NO_FILMS', `None of ${files.length} files is a film by its name.`)));
  if (films.length > MOST_FILES) {
    leftOut += films.length - MOST_FILES;
    films.length = MOST_FILES;
  }
  return { films, leftOut };
}

async function listArchive(archive: Blob, path: string, decoders: Decoders): Promise<Taken> {
  try {
    const { films, leftOut } = await decoders.list(archive);
    return {
      leftOut,
      films: films
        .toSorted((a, b) => byPath.compare(a.name, b.name))
        .map((film) => {
          const name = baseName(film.name);
          const folder = `${path}/${film.name.slice(0, -name.length)}`;
          return { name, folder, source: { archive, film }, refused: film.refused };
        }),
    };
  } catch (thrown) {
    return { leftOut: 0, films: [refusal(path, archive, thrown)] };
  }
}

/** A row for what could not be taken in. */
function refusal(path: string, source: Blob, thrown: unknown): IncomingFilm {
  const name = baseName(path);
  return { name, folder: path.slice(0, -name.length), source, refused: toErrorValue(thrown) };
}
