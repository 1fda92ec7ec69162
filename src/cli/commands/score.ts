import { AppError, type ErrorCode } from '../../core/errors.js';
import type { Manifest } from '../../core/pack/manifest.js';
import type { Sides } from '../../core/result.js';
import { scoreMany, type FilmScore } from '../../engine/score-many.js';
import { adviceFor, EXIT } from '../advice.js';
import type { Io } from '../io.js';
import { openEngine, type Scorer } from '../open-engine.js';
import { CHECKPOINT, ENGINE, HELP, lookAhead, parse, shardOf, takeShard, threadsOf } from '../options.js';
import { listFilms } from '../ports/film-files.js';
import { FILMS_A_LANE } from '../ports/plan-lanes.js';
import { startProgress } from '../progress.js';
import { openResultFile, type ResultFile } from '../result-file.js';
import { errorLine, resultLine } from '../result-line.js';
import { describeResult } from '../table.js';

const OPTIONS = {
  ...HELP,
  ...ENGINE,
  ...CHECKPOINT,
  json: { type: 'boolean' },
  sides: { type: 'string' },
  shard: { type: 'string' },
  out: { type: 'string' },
  resume: { type: 'boolean' },
} as const;

/** `score`: exit 0 if every film was scored, 1 otherwise. */
export async function scoreCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parse(args, OPTIONS);
  if (positionals.length === 0) throw new AppError('USAGE', 'Which films? Name files or folders.');
  if (values.resume === true && values.out === undefined) throw new AppError('USAGE', '--resume goes with --out FILE.jsonl.');
  const threads = threadsOf(values.threads);
  const shard = shardOf(values.shard);
  const sides = sidesOf(values.sides);
  const engine = await openEngine(values, io);
  let out: ResultFile | undefined;
  try {
    const { manifest, identity } = engine.pack;
    if (values.out !== undefined)
      out = await openResultFile(values.out, values.resume === true, { pack: identity.sha256, sides });
    const json = values.json === true || out !== undefined;
    const format = formatter(json, manifest, sides);
    const counted = { found: 0 };
    const { first, films } = await lookAhead(
      skip(takeShard(count(listFilms(positionals), counted), shard), out?.done),
      threads * FILMS_A_LANE,
    );
    const scorer = await engine.start(threads, first);
    // Results tell how far it has come themselves, unless they go to a file.
    const progress = out ? startProgress(undefined) : undefined;
    const failed = await run(films, scorer, io, async (scored) => {
      const text = format(scored);
      await (out ? out.append(text) : io.print(json ? `${text}\n` : text));
      progress?.step();
    }).finally(() => progress?.end());
    if (counted.found === 0) throw new AppError('USAGE', `There is no film in ${positionals.join(', ')}.`);
    if (!json)
      io.note(
        `${manifest.title} ${identity.version} (${manifest.stage}), ${scorer.backend}. Research use; not a medical device.`,
      );
    if (!json && identity.origin)
      io.note(`From ${identity.origin.file} (SHA-256 ${identity.origin.sha256}): ${identity.origin.state}.`);
    return failed + (out?.failed ?? 0) === 0 ? EXIT.done : EXIT.failed;
  } finally {
    await out?.close();
    await engine.close();
  }
}

function sidesOf(value: string | undefined): Sides {
  if (value === undefined || value === 'assumed') return 'assumed';
  if (value === 'flipped') return 'flipped';
  throw new AppError('USAGE', `--sides is assumed or flipped, not ${value}.`);
}

function formatter(json: boolean, manifest: Manifest, sides: Sides): (scored: FilmScore<string>) => string {
  return (scored) => {
    if ('error' in scored) {
      const { code, message } = scored.error;
      return json ? errorLine(scored.film, scored.error) : `${scored.film}\n  not scored: ${message} (${code})\n\n`;
    }
    return (json ? resultLine : describeResult)(scored.film, scored.result, manifest, sides);
  };
}

/** Scores the films, hands each on, and counts those that failed. Advice on what failed comes once a kind: an archive can hold thousands of the same. */
async function run(
  films: AsyncIterable<string>,
  { score, atOnce }: Scorer,
  io: Io,
  hand: (scored: FilmScore<string>) => Promise<void>,
): Promise<number> {
  const advised = new Set<ErrorCode>();
  let failed = 0;
  for await (const scored of scoreMany(films, { score, atOnce, signal: io.signal })) {
    await hand(scored);
    if (!('error' in scored)) continue;
    failed++;
    const { code } = scored.error;
    if (advised.has(code)) continue;
    advised.add(code);
    const { text } = adviceFor(code);
    if (text !== undefined) io.note(`${scored.film}: ${code}. ${text}`);
  }
  return failed;
}

async function* count(films: AsyncIterable<string>, counted: { found: number }): AsyncGenerator<string> {
  for await (const film of films) {
    counted.found++;
    yield film;
  }
}

async function* skip(films: AsyncIterable<string>, done: ReadonlySet<string> | undefined): AsyncGenerator<string> {
  for await (const film of films) if (done?.has(film) !== true) yield film;
}
