import { AppError } from '../../core/errors.js';
import { sha256 } from '../../core/pack/hash.js';
import { parseManifest, type Manifest } from '../../core/pack/manifest.js';
import { chooseBackend } from '../../engine/choose-backend.js';
import { loadPack, readPackFile } from '../../engine/load-pack.js';
import { EXIT } from '../advice.js';
import type { Io } from '../io.js';
import { HELP, parse } from '../options.js';
import { defaultThreads, nodeRuntimes } from '../ports/ort-runtime.js';
import { openPackSource, type OpenedPack } from '../ports/pack-source.js';

/** `pack info` and `pack verify`. */
export async function packCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parse(args, { ...HELP, json: { type: 'boolean' } });
  const [verb, path, ...rest] = positionals;
  if (verb !== 'info' && verb !== 'verify') throw new AppError('USAGE', 'pack info or pack verify?');
  if (path === undefined || rest.length > 0) throw new AppError('USAGE', `pack ${verb} takes one folder or file.`);
  const source = await openPackSource(path);
  try {
    const bytes = await source.manifest(io.signal);
    const manifest = parseManifest(bytes);
    await io.print(await (verb === 'info' ? info(manifest, sha256(bytes), values.json === true) : verify(source, manifest, io)));
  } finally {
    await source.close();
  }
  return EXIT.done;
}

function info(manifest: Manifest, hash: string, json: boolean): Promise<string> {
  if (json) return Promise.resolve(`${JSON.stringify({ sha256: hash, manifest })}\n`);
  const { architecture: a, preprocessing, rule, threshold, files } = manifest;
  const bytes = Object.values(files).reduce((sum, file) => sum + (file?.bytes ?? 0), 0);
  const scoring =
    rule.kind === 'whole' ? "the whole film's probability" : `the largest of the five if above ${rule.maxAbove}, else their mean`;
  const rows: [string, string][] = [
    ['name', `${manifest.name} ${manifest.packVersion} (${manifest.stage})`],
    ['title', manifest.title],
    ['sha256', hash],
    [
      'tower',
      `${a.layers} blocks of ${a.width}, ${a.grid.join(' x ')} patches, ${(a.parameters / 1e6).toFixed(1)} M parameters (${a.stem})`,
    ],
    ['input', `grey, squashed to ${preprocessing.steps.join(', then ')} pixels a side`],
    ['score', scoring],
    ['threshold', `${threshold.value}: ${threshold.how}`],
    ['positions', manifest.positions.map(({ id, name }) => `${id} (${name.en})`).join(', ')],
    ['files', `${Object.keys(files).length}, ${(bytes / 1e6).toFixed(1)} MB`],
    ['licence', manifest.licence],
    ...manifest.trainingData.map(({ name, use, licence }): [string, string] => ['trained on', `${name}: ${use} (${licence})`]),
    ...manifest.metrics.map((metric): [string, string] => ['measured', describeMetric(metric)]),
  ];
  return Promise.resolve(rows.map(([name, value]) => `${name.padEnd(11)} ${value}\n`).join(''));
}

function describeMetric({ set, films, values }: Manifest['metrics'][number]): string {
  const numbers = Object.entries(values).map(([name, { value, low, high }]) => {
    const interval = low === undefined || high === undefined ? '' : ` (${low.toFixed(3)} to ${high.toFixed(3)})`;
    return `${name} ${value.toFixed(3)}${interval}`;
  });
  return `${set}, ${films.normal} normal and ${films.abnormal} abnormal: ${numbers.join(', ')}`;
}

/** Every file against its hash, then the golden input on the runtime that `score` would take. Throws at the first fault. */
async function verify(source: OpenedPack, manifest: Manifest, io: Io): Promise<string> {
  const { vision, visionWeights, prompts, golden, ...optional } = manifest.files;
  const lines: string[] = [];
  for (const file of Object.values(optional)) {
    if (file === undefined) continue;
    await readPackFile(file, source, undefined, { signal: io.signal });
    lines.push(`ok  ${file.path}  ${file.bytes} bytes`);
  }
  const pack = await loadPack(source, undefined, { signal: io.signal });
  for (const file of [vision, visionWeights, prompts, golden]) lines.push(`ok  ${file.path}  ${file.bytes} bytes`);
  const runtimes = nodeRuntimes(defaultThreads(), process.env['PPAD_RUNTIME']);
  const { model, setAside } = await chooseBackend(pack, { runtimes, signal: io.signal });
  await model.release();
  for (const { backend, reason } of setAside) io.note(`ppad: ${backend} is set aside: ${reason}`);
  lines.push(`ok  golden vector on ${model.backend}`, `${pack.identity.name} ${pack.identity.version} ${pack.identity.sha256}`);
  return `${lines.join('\n')}\n`;
}
