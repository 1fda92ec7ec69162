import { AppError } from '../../core/errors.js';

const TOPICS: Readonly<Record<string, string>> = {
  score: `ppad score [--pack DIR|FILE] [--threads N] [--json] [--sides assumed|flipped]
           [--shard K/N] [--out FILE.jsonl [--resume]] FILE|DIR...

  Scores films: PNG, JPEG or WebP; folders are searched for them.
  --json        one JSON object a line and film, instead of a table
  --pack        a model pack, a folder or one file, instead of the one that ships
  --threads     threads for one inference; by default as many as the machine grants
  --sides       flipped: the film shows the patient's left at its left; names change, ids and scores do not
  --shard K/N   only every N-th film, from the K-th
  --out         JSON lines to a file instead of standard output; --resume goes on where an earlier run stopped

  Exit status: 0 if every film was scored, 1 if not, 2 for wrong usage.
`,
  evaluate: `ppad evaluate --normal DIR --abnormal DIR [--pack DIR|FILE] [--threads N] [--json]

  Scores both sets of films and says how well the scores tell them apart: AUROC, average precision, and accuracy, F1,
  sensitivity and specificity at the pack's threshold and at 0.5, each with a 95 % bootstrap interval. Films are resampled,
  not patients: with several films of a patient the intervals are too narrow. Progress goes to standard error.
  --normal, --abnormal   a folder or a file; may be given more than once
  --json                 one line of JSON instead of a table
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
