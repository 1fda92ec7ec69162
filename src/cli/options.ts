import { parseArgs, type ParseArgsConfig } from 'node:util';
import { AppError } from '../core/errors.js';
import { defaultThreads } from './ports/ort-runtime.js';

/** What `parseArgs` takes as options; an index of its own, since Node's type of it cannot be named in a declaration. */
export type Options = Readonly<Record<string, OptionConfig>>;
type OptionConfig = NonNullable<ParseArgsConfig['options']>[string];

type Parsed<T extends Options> = ReturnType<typeof parseArgs<{ options: T; allowPositionals: true; strict: true }>>;

/** `--help` of every command, and the two options of those that run a model. */
export const HELP = { help: { type: 'boolean', short: 'h' } } as const satisfies Options;
export const ENGINE = { pack: { type: 'string' }, threads: { type: 'string' } } as const satisfies Options;

/** How a checkpoint is read: options of those commands that take one. */
export const CHECKPOINT = {
  prompts: { type: 'string' },
  classes: { type: 'string' },
  storage: { type: 'string' },
  steps: { type: 'string' },
  'zero-shot': { type: 'boolean' },
} as const satisfies Options;

/** @throws AppError `USAGE` for an option that is unknown, lacks its value, or has one too many. */
export function parse<const T extends Options>(args: readonly string[], options: T): Parsed<T> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (thrown) {
    throw new AppError('USAGE', thrown instanceof Error ? thrown.message : String(thrown), {}, { cause: thrown });
  }
}

/** @throws AppError `USAGE` unless it is a whole number from 1 to 512. */
export function threadsOf(value: string | undefined): number {
  if (value === undefined) return defaultThreads();
  const threads = /^\d{1,3}$/.test(value) ? Number(value) : 0;
  if (threads < 1 || threads > 512) throw new AppError('USAGE', `--threads is a number from 1 to 512, not ${value}.`);
  return threads;
}

/** Every N-th film, beginning with the K-th. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** @throws AppError `USAGE` unless it is K/N with 1 <= K <= N. */
export function shardOf(value: string | undefined): Shard {
  if (value === undefined) return { index: 1, count: 1 };
  const [, index = '', count = ''] = /^(\d{1,7})\/(\d{1,7})$/.exec(value) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (shard.index < 1 || shard.index > shard.count)
    throw new AppError('USAGE', `--shard is K/N with K from 1 to N, not ${value}.`);
  return shard;
}

/** The films of a shard: each film of the whole list falls to exactly one of the N. */
export async function* takeShard(films: AsyncIterable<string>, { index, count }: Shard): AsyncGenerator<string> {
  let at = 0;
  for await (const film of films) if (at++ % count === index - 1) yield film;
}

/** @throws AppError `USAGE` unless it is two texts with a comma between. */
export function classesOf(value: string | undefined): readonly [string, string] | undefined {
  if (value === undefined) return undefined;
  const [normal = '', abnormal = '', ...rest] = value.split(',').map((word) => word.trim());
  if (normal === '' || abnormal === '' || rest.length > 0)
    throw new AppError(
      'USAGE',
      `--classes is two class words with a comma between, the one without deviation first, not ${value}.`,
    );
  return [normal, abnormal];
}

/** @throws AppError `USAGE` unless it is float16 or float32. */
export function storageOf(value: string | undefined): 'float16' | 'float32' | undefined {
  if (value === undefined || value === 'float16' || value === 'float32') return value;
  throw new AppError('USAGE', `--storage is float16 or float32, not ${value}.`);
}

/** @throws AppError `USAGE` unless it is one to four sides with commas between. */
export function stepsOf(value: string | undefined): readonly number[] | undefined {
  if (value === undefined) return undefined;
  const steps = /^\d{1,4}(,\d{1,4}){0,3}$/.test(value) ? value.split(',').map(Number) : [];
  if (steps.length === 0 || steps.includes(0)) throw new AppError('USAGE', `--steps is like 256,224, not ${value}.`);
  return steps;
}

/** The same films, and how many of the first `most` there are: so many are listed beforehand. */
export async function lookAhead(
  films: AsyncGenerator<string>,
  most: number,
): Promise<{ readonly first: number; readonly films: AsyncGenerator<string> }> {
  const seen: string[] = [];
  while (seen.length < most) {
    const next = await films.next();
    if (next.done === true) break;
    seen.push(next.value);
  }
  async function* all(): AsyncGenerator<string> {
    yield* seen;
    yield* films;
  }
  return { first: seen.length, films: all() };
}
