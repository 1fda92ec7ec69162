import * as v from 'valibot';
import { AppError } from '../errors.js';
import { POSITION_IDS } from '../result.js';

/** The newest manifest version that this code reads and the one that it writes (docs/formats.md). */
export const MANIFEST_VERSION = 1;

const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'not a SHA-256 in lower-case hex'));
const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000));
const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const text = v.pipe(v.string(), v.maxLength(4_000));
const line = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
// A pack's files lie beside its manifest: one folder, no way out of it.
const path = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'not a plain file name'));

const packFile = v.object({ path, bytes: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(4e9)), sha256 });

const position = v.object({
  id: v.picklist(POSITION_IDS),
  /** Rows and columns the position covers, as fractions of the side: `[from, to)`. */
  mask: v.object({ rows: v.tuple([fraction, fraction]), columns: v.tuple([fraction, fraction]) }),
  /** The position's words in the prompt, e.g. "right lung"; empty for the whole film. */
  prompt: v.pipe(v.string(), v.maxLength(200)),
  /** What people read, in patient terms, by language; `en` is required. `flipped` is the name when the reader flips the sides. */
  name: v.objectWithRest({ en: line }, line),
  flippedName: v.optional(v.objectWithRest({ en: line }, line)),
});

const origin = v.object({
  /** The checkpoint's file name and the SHA-256 of all its bytes. */
  file: line,
  bytes: v.pipe(v.number(), v.integer(), v.minValue(1)),
  sha256,
  kind: v.picklist(['clip', 'ppad', 'ppad-prompts']),
  /** The file of the learned prompts, where it is another one. */
  prompts: v.optional(v.object({ file: line, sha256 })),
  /** The pack whose towers were taken, where the checkpoint holds prompts alone. */
  backbone: v.optional(v.object({ name: line, sha256 })),
});

const rate = v.object({
  kind: line,
  /** Where real films come from. */
  source: v.optional(v.pipe(v.string(), v.maxLength(200))),
  n: v.pipe(v.number(), v.integer(), v.minValue(0)),
  flagged: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

const reliability = v.object({
  set: line,
  n: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** Expected calibration error over ten bins, of the score and of the calibrated score. */
  ece: v.object({ score: fraction, calibrated: fraction }),
  /** The curve of the calibrated score: films of a bin, their mean score and the share that is abnormal. */
  bins: v.pipe(v.array(v.object({ n: v.number(), mean: fraction, abnormal: fraction })), v.maxLength(100)),
});

const metric = v.object({
  /** What was measured, on which films, with what trained on them. */
  set: line,
  films: v.object({ normal: v.number(), abnormal: v.number() }),
  trainedOn: text,
  prompts: text,
  values: v.record(v.string(), v.object({ value: v.number(), low: v.optional(v.number()), high: v.optional(v.number()) })),
  command: text,
});

const manifestSchema = v.object({
  format: v.literal('ppad-pack'),
  version: v.literal(MANIFEST_VERSION),
  name: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'not a pack name')),
  packVersion: v.pipe(v.string(), v.regex(/^\d+\.\d+\.\d+(-[a-z0-9.]+)?$/, 'not a version')),
  title: line,
  /** `early`: an honest first checkpoint; `imported`: not validated here. Shown beside the model's name. */
  stage: v.picklist(['early', 'release', 'imported', 'fixture']),
  architecture: v.object({
    side: count,
    channels: v.picklist([1, 3]),
    grid: v.tuple([count, count]),
    width: count,
    layers: count,
    heads: count,
    embed: count,
    /** `patch`: one convolution, CLIP's own; `stem`: plain convolutions; `mobile`: inverted residual blocks. */
    stem: v.picklist(['patch', 'stem', 'mobile']),
    parameters: v.pipe(v.number(), v.integer(), v.minValue(1)),
  }),
  preprocessing: v.object({
    /** Sides the grey film is squashed to, one after the other; the last is the model's side. */
    steps: v.pipe(v.array(count), v.minLength(1), v.maxLength(4)),
    mean: v.number(),
    std: v.pipe(v.number(), v.gtValue(0)),
  }),
  positions: v.pipe(v.array(position), v.length(5)),
  classes: v.tuple([line, line]),
  /**
   * `learned`, also where it is left out: PPAD's prompts, and what PPAD learned stands for masked patches. `zero-shot`: the classes
   * are whole prompts, the same at each position, and masked patches show the mean patch of the same film.
   */
  prompting: v.optional(v.picklist(['learned', 'zero-shot'])),
  logitScale: v.pipe(v.number(), v.gtValue(0), v.maxValue(1e4)),
  rule: v.variant('kind', [v.object({ kind: v.literal('ppad'), maxAbove: fraction }), v.object({ kind: v.literal('whole') })]),
  threshold: v.object({ value: fraction, how: text }),
  /** How sure `files.chestCheck` must be before a picture is flagged as no upright frontal chest film, and how often it was right. */
  chestCheck: v.optional(v.object({ threshold: fraction, how: text, numbers: v.pipe(v.array(rate), v.maxLength(200)) })),
  /** Divides the image score's logit, after the rule: a second number beside the score. */
  calibration: v.optional(
    v.object({ temperature: v.pipe(v.number(), v.gtValue(0), v.maxValue(100)), how: text, reliability: v.array(reliability) }),
  ),
  files: v.object({
    vision: packFile,
    visionWeights: packFile,
    prompts: packFile,
    golden: packFile,
    card: v.optional(packFile),
    chestCheck: v.optional(packFile),
    text: v.optional(packFile),
    textWeights: v.optional(packFile),
    tokenTable: v.optional(packFile),
    tokenizer: v.optional(packFile),
  }),
  golden: v.object({
    /** The input file is `side * side` grey bytes; these are the logits `[position][normal, abnormal]` it must give. */
    logits: v.pipe(v.array(v.tuple([v.number(), v.number()])), v.length(5)),
  }),
  /** Sizes of the text tower in `files.text`, where the pack holds one. */
  textTower: v.optional(v.object({ width: count, layers: count, heads: count, vocabulary: count, context: count })),
  /** Where an imported pack comes from. */
  origin: v.optional(origin),
  licence: text,
  trainingData: v.array(v.object({ name: line, use: text, licence: text, citation: text })),
  metrics: v.array(metric),
});

/** A model pack's manifest, version 1. Field meanings are in docs/formats.md. */
export type Manifest = v.InferOutput<typeof manifestSchema>;
export type PackFile = v.InferOutput<typeof packFile>;

const MANIFEST_LIMIT = 1_000_000;

/**
 * Reads and checks a manifest.
 *
 * @throws AppError `PACK_INVALID` with the path of the first wrong field, `PACK_TOO_NEW` for a version yet unknown.
 */
export function parseManifest(bytes: Uint8Array): Manifest {
  if (bytes.byteLength > MANIFEST_LIMIT)
    throw new AppError('PACK_INVALID', `The manifest has ${bytes.byteLength} bytes, more than ${MANIFEST_LIMIT}.`);
  let raw: unknown;
  try {
    raw = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new AppError('PACK_INVALID', 'The manifest is not JSON.', {}, { cause });
  }
  if (isRecord(raw) && raw['format'] === 'ppad-pack' && typeof raw['version'] === 'number' && raw['version'] > MANIFEST_VERSION)
    throw new AppError(
      'PACK_TOO_NEW',
      `The pack has format version ${raw['version']}; this app reads up to ${MANIFEST_VERSION}.`,
    );
  const parsed = v.safeParse(manifestSchema, raw);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    const field = v.getDotPath(issue) ?? '(root)';
    throw new AppError('PACK_INVALID', `The manifest's field ${field} is wrong: ${issue.message}.`, { field });
  }
  return checkConsistency(parsed.output);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** What a schema cannot say: the five positions in order, the last resize step is the model's side, the chest check whole. */
function checkConsistency(manifest: Manifest): Manifest {
  POSITION_IDS.forEach((id, index) => {
    if (manifest.positions[index]?.id !== id)
      throw new AppError('PACK_INVALID', `The manifest's position ${index} is not ${id}.`, { field: `positions.${index}.id` });
  });
  if ((manifest.chestCheck === undefined) !== (manifest.files.chestCheck === undefined))
    throw new AppError('PACK_INVALID', 'The manifest has a chest check without its file, or the file without its threshold.', {
      field: 'chestCheck',
    });
  if (manifest.preprocessing.steps.at(-1) !== manifest.architecture.side)
    throw new AppError('PACK_INVALID', 'The last resize step is not the side of the model.', { field: 'preprocessing.steps' });
  return manifest;
}
