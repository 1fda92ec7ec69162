const MODEL_NAME = /\.(pt|pth|ckpt|bin|safetensors|ppad)$/i;
const FILM_NAME = /\.(png|jpe?g|webp|dcm|dicom)$/i;

/** A file as it was dropped: `path` within the folder it came in. */
interface Dropped {
  readonly path: string;
  readonly file: File;
}

export interface SortedFiles<F> {
  readonly films: readonly F[];
  readonly models: readonly F[];
}

/** Tells checkpoints and packs from films: by the name, and where that says nothing by the first bytes. All else is for the film reader to name. */
export async function sortFiles<F extends Dropped>(files: readonly F[]): Promise<SortedFiles<F>> {
  const known = await Promise.all(files.map(isModel));
  return { films: files.filter((_, i) => !known[i]), models: files.filter((_, i) => known[i]) };
}

async function isModel({ path, file }: Dropped): Promise<boolean> {
  if (MODEL_NAME.test(file.name)) return true;
  // Folders may hold thousands of films without an ending.
  if (FILM_NAME.test(file.name) || path.includes('/')) return false;
  const head = await file
    .slice(0, 16)
    .arrayBuffer()
    .then((bytes) => new Uint8Array(bytes))
    .catch(() => new Uint8Array(0));
  // A pickle as torch writes it; a safetensors header: eight bytes of length, then JSON.
  const pickle = head[0] === 0x80 && (head[1] ?? 0) >= 2 && (head[1] ?? 0) <= 5;
  const safetensors = head[8] === 0x7b && [4, 5, 6, 7].every((at) => head[at] === 0);
  return pickle || safetensors;
}

/** A pack in one file; a checkpoint otherwise. */
export function isPackFile({ name }: { readonly name: string }): boolean {
  return /\.ppad$/i.test(name);
}
