import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../errors.js';
import type { ErrorCode } from '../../errors.js';
import type { FilmNote } from '../../result.js';

const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url));

export function fixture(path: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(FIXTURES + path));
}

export interface FilmFixture {
  readonly file: string;
  /** Grey levels that a value may be off Pillow's. */
  readonly off: number;
  readonly notes: readonly FilmNote[];
}

export interface ResizeFixture {
  readonly file: string;
  readonly source: string;
  readonly crop: readonly [x: number, y: number, width: number, height: number];
  readonly steps: readonly (readonly [width: number, height: number])[];
}

function parse<T>(path: string): T {
  return JSON.parse(readFileSync(FIXTURES + path, 'utf8')) as T;
}

export const FILM_FIXTURES = parse<FilmFixture[]>('films/films.json');
export const RESIZE_FIXTURES = parse<ResizeFixture[]>('resize/cases.json');

export function concat(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** The code that a promise fails with; `fulfilled` if it does not fail, whatever was thrown if it is no `AppError`. */
export async function codeOf(promise: Promise<unknown>): Promise<ErrorCode | 'fulfilled' | { readonly untyped: unknown }> {
  try {
    await promise;
    return 'fulfilled';
  } catch (thrown) {
    return thrown instanceof AppError ? thrown.code : { untyped: thrown };
  }
}
