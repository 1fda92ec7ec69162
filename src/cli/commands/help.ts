import { AppError } from '../../core/errors.js';

const TOPICS: Readonly<Record<string, string>> = {
  score: `ppad score [--pack DIR|FILE|CHECKPOINT] [--threads N] [--json] [--sides assumed|flipped]
           [--shard K/N] [--out FILE.jsonl [--resume]] [--classes A,B] [--prompts FILE] [--storage TYPE] [--steps SIDES]
           FILE|DIR...

  Scores films: PNG, JPEG or WebP; folders are searched for them.
  --json        one JSON object a line and film, instead of a table
  --pack        a model pack, a folder or one file, instead of the one that ships; or a checkpoint, imported on the spot
  --classes     other class words, for a checkpoint or a pack that holds its text tower
  --prompts, --storage, --steps, --zero-shot   as import has them, for a checkpoint
  --threads     threads in all, by default as many as the machine grants: few films have them one after the other, of many
                films each has one, so many at a time
  --sides       flipped: the film shows the patient's left at its left; names change, ids and scores do not
  --shard K/N   only every N-th film, from the K-th
  --out         JSON lines to a file instead of standard output; --resume goes on where an earlier run stopped

  Exit status: 0 if every film was scored, 1 if not, 2 for wrong usage.
`,
  evaluate: `ppad evaluate --normal DIR --abnormal DIR [--pack DIR|FILE|CHECKPOINT] [--threads N] [--json] [--record]
             [--classes A,B] [--prompts FILE] [--storage TYPE] [--steps SIDES]

  Scores both sets of films and says how well the scores tell them apart: AUROC, average precision, and accuracy, F1,
  sensitivity and specificity at the pack's threshold and at 0.5, each with a 95 % bootstrap interval. Films are resampled,
  not patients: with several films of a patient the intervals are too narrow. Progress goes to standard error.
  --normal, --abnormal   a folder or a file; may be given more than once
  --json                 one line of JSON instead of a table
  --record               writes that line beside the pack (evaluation.json): results of an imported pack say from then on
                         "imported, evaluated here" instead of "imported, not validated here"
  The other options are those of score.
`,
  import: `ppad import CHECKPOINT [--prompts FILE] [--classes A,B] [--storage float16|float32] [--keep-text]
           [--zero-shot] [--backbone PACK] [--steps 256,224] [--title TEXT] --out DIR|FILE.ppad

  Makes a model pack of a checkpoint, without Python: a CLIP or CheXzero, a PPAD checkpoint with its CLIP inside, or PPAD's
  prompts with a CLIP; torch files, old and new, and safetensors. Progress goes to standard error; a failed import leaves nothing.
  --prompts     PPAD's prompts in a file of their own, learned with this CLIP
  --backbone    for a CHECKPOINT of prompts alone: the pack of their CLIP, imported with --keep-text
  --classes     two class words instead of those found in the checkpoint, the one without deviation first; for a CLIP without
                prompts two whole prompts instead of "normal." and "pneumonia."
  --storage     float16 (half the size, and the default) or float32
  --keep-text   keeps the text tower, so that score can take other --classes later
  --zero-shot   leaves the prompts of a PPAD checkpoint aside: the CLIP inside it, as the baseline to compare with
  --steps       sides to which films are squashed in turn, such as 256,224 as the published experiments did
  --out         a folder, or one file if the name ends in .ppad
`,
  inspect: `ppad inspect CHECKPOINT [--json]

  Says what a checkpoint is, its sizes, its tensors and what import would build. Nothing is written.
`,
  pack: `ppad pack info DIR|FILE [--json]
ppad pack verify DIR|FILE

  info     what a model pack says of itself
  verify   compares every file of a pack with its manifest, and has the model score the pack's golden input
`,
  link: `ppad link encode [--base URL] [--note TEXT] FILE|-
ppad link decode [--json] LINK|-

  encode   a link for each line that \`score --json\` printed: the result is in its fragment, without the film or its name
  decode   what a link says; a link that was cut or changed is an error (exit status 1), never other numbers
  --base   the address of the page that shows it; by default where npm start serves it
  --note   at most 280 letters, shown with the result
  --json   one line of JSON instead of a table
`,
};

const OVERVIEW = `ppad: position-guided anomaly scores for chest X-rays. Research use; not a medical device.

  npm run -s ppad -- COMMAND ...

  score      score films
  evaluate   how well scores tell two sets of films apart
  import     make a model pack of a checkpoint
  inspect    what a checkpoint holds
  pack       look at a model pack, or verify it
  link       put a result into a link, or read one
  help       this text; help COMMAND says more

`;

/** @throws AppError `USAGE` for a topic that there is no help on. */
export function helpText(topic: string | undefined): string {
  if (topic === undefined) return OVERVIEW + Object.values(TOPICS).join('\n');
  const text = Object.hasOwn(TOPICS, topic) ? TOPICS[topic] : undefined;
  if (text === undefined) throw new AppError('USAGE', `There is no command ${topic}.`);
  return text;
}
