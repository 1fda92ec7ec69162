import { AppError } from '../../core/errors.js';
import { BOOTSTRAP, type Metric } from '../../core/stats/bootstrap.js';
import { evaluate, type Evaluation, type LabelledFilm } from '../../engine/evaluate.js';
import { EXIT } from '../advice.js';
import type { Io } from '../io.js';
import { APP, openEngine, type Engine, type Scorer } from '../open-engine.js';
import { CHECKPOINT, ENGINE, HELP, parse, threadsOf } from '../options.js';
import { writeEvaluation } from '../ports/evaluation-file.js';
import { listFilms } from '../ports/film-files.js';
import { startProgress } from '../progress.js';

const OPTIONS = {
  ...HELP,
  ...ENGINE,
  ...CHECKPOINT,
  json: { type: 'boolean' },
  record: { type: 'boolean' },
  normal: { type: 'string', multiple: true },
  abnormal: { type: 'string', multiple: true },
} as const;

/** `evaluate`: exit 0 if every film was scored, 1 otherwise. */
export async function evaluateCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parse(args, OPTIONS);
  if (positionals.length > 0)
    throw new AppError('USAGE', `Is ${positionals[0]} normal or abnormal? Give it with --normal or --abnormal.`);
  const threads = threadsOf(values.threads);
  const films = [...(await labelled('normal', values.normal)), ...(await labelled('abnormal', values.abnormal))];
  const engine = await openEngine(values, io);
  try {
    const scorer = await engine.start(threads, films.length);
    const evaluation = await run(films, engine, scorer, io);
    const made: Made = { pack: engine.pack, backend: scorer.backend };
    const line = toLine(evaluation, made);
    await io.print(values.json === true ? `${line}\n` : describe(evaluation, made));
    if (values.record === true) {
      const place = await writeEvaluation(values.pack ?? io.defaultPack, engine.pack.identity.sha256, line);
      io.note(`Recorded in ${place}: results of this pack say from now on that it was evaluated here.`);
    }
    return evaluation.failed.length === 0 ? EXIT.done : EXIT.failed;
  } finally {
    await engine.close();
  }
}

async function labelled(kind: 'normal' | 'abnormal', paths: readonly string[] | undefined): Promise<LabelledFilm[]> {
  if (paths === undefined) throw new AppError('USAGE', `Which films are ${kind}? Give a folder with --${kind}.`);
  const films: LabelledFilm[] = [];
  for await (const file of listFilms(paths)) films.push({ file, abnormal: kind === 'abnormal' });
  if (films.length === 0) throw new AppError('USAGE', `There is no film in ${paths.join(', ')}.`);
  return films;
}

/** What the numbers were made with. */
type Made = Pick<Engine, 'pack'> & Pick<Scorer, 'backend'>;

async function run(films: readonly LabelledFilm[], { pack }: Engine, { score, atOnce }: Scorer, io: Io): Promise<Evaluation> {
  const progress = startProgress(films.length);
  try {
    return await evaluate(films, {
      score: ({ file }) => score(file),
      atOnce,
      threshold: pack.manifest.threshold.value,
      signal: io.signal,
      onFilm: () => progress.step(),
    });
  } finally {
    progress.end();
  }
}

/** The evaluation as one line; a metric that the films do not define is null. What made the numbers comes last. */
function toLine({ n, auroc, ap, threshold, atThreshold, atHalf, failed }: Evaluation, { pack, backend }: Made): string {
  const errors = failed.map(({ file, error: { code, message } }) => ({ file, error: { code, message } }));
  const { resamples, seed, level } = BOOTSTRAP;
  const made = { bootstrap: { resamples, seed, level }, backend, pack: pack.identity, app: APP };
  const line = { n, auroc, ap, threshold, atThreshold, atHalf, failed: errors, ...made, date: new Date().toISOString() };
  return JSON.stringify(line, (_, value: unknown) => value ?? null);
}

function describe({ n, auroc, ap, threshold, atThreshold, atHalf, failed }: Evaluation, { pack, backend }: Made): string {
  const row = (name: string, metric: Metric | undefined, half?: Metric): string =>
    `  ${name.padEnd(18)}${interval(metric).padEnd(26)}${half ? interval(half) : ''}`.trimEnd();
  const { identity, manifest } = pack;
  const { origin } = identity;
  return [
    `${manifest.title} ${identity.version}, ${backend}: ${n.normal} normal and ${n.abnormal} abnormal films scored`,
    ...(origin ? [`  from ${origin.file}, SHA-256 ${origin.sha256}: ${origin.state}`] : []),
    row('AUROC', auroc),
    row('average precision', ap),
    `  ${''.padEnd(18)}${`at ${threshold}`.padEnd(26)}at 0.5`,
    row('accuracy', atThreshold.acc, atHalf.acc),
    row('F1', atThreshold.f1, atHalf.f1),
    row('sensitivity', atThreshold.sensitivity, atHalf.sensitivity),
    row('specificity', atThreshold.specificity, atHalf.specificity),
    `  95 % bootstrap intervals, ${BOOTSTRAP.resamples} resamples of films. Research use; not a medical device.`,
    ...failed.map(({ file, error }) => `  not scored: ${file}: ${error.message} (${error.code})`),
    '',
  ].join('\n');
}

function interval(metric: Metric | undefined): string {
  if (!metric) return 'not defined';
  return `${metric.value.toFixed(3)} (${metric.low.toFixed(3)} to ${metric.high.toFixed(3)})`;
}
