import { unzipSync, zipSync } from 'fflate';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Bytes of a file of `fixtures/`. */
export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))));
}

/** A JSON file of `fixtures/`, of the shape that its script gives it. */
export function fixtureJson<T>(name: string): T {
  return JSON.parse(new TextDecoder().decode(fixture(name))) as T;
}

/** A stored zip archive, checksums right, as torch lays it out: `files` go into one folder. */
export function archive(files: Readonly<Record<string, Uint8Array>>, level: 0 | 6 = 0): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`model/${name}`, bytes])), { level });
}

/** The files of a torch archive without their folder. */
export function unpack(bytes: Uint8Array): Record<string, Uint8Array> {
  return Object.fromEntries(Object.entries(unzipSync(bytes)).map(([name, content]) => [name.replace(/^[^/]*\//, ''), content]));
}

/** A pickle by hand: text is ASCII, numbers are bytes. */
export function pickle(...parts: readonly (string | number | Uint8Array)[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === 'number' ? [part] : typeof part === 'string' ? [...part].map((char) => char.charCodeAt(0)) : [...part],
    ),
  );
}
