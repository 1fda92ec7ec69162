/** What counts as a film within a folder or an archive. A file that was named itself is tried whatever it is called; DICOM is answered. */
const FILM = /\.(png|jpe?g|jpe|jfif|webp|dcm|dicom)$/i;
const ARCHIVE = /\.zip$/i;

/** Whether a path names a film, as far as a name can tell. Hidden files are editors' and file managers' own. */
export function looksLikeFilm(path: string): boolean {
  return FILM.test(path) && !isHidden(path);
}

export function looksLikeArchive(path: string): boolean {
  return ARCHIVE.test(path) && !isHidden(path);
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function isHidden(path: string): boolean {
  return path.split('/').some((part) => part.startsWith('.') || part === '__MACOSX');
}
