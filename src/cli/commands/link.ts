import { AppError, toAppError } from '../../core/errors.js';
import { decodeLink, linkVersion } from '../../core/link/decode-link.js';
import { encodeFragment } from '../../core/link/encode-link.js';
import { sharedFromLine } from '../../core/link/from-line.js';
import { adviceFor, EXIT } from '../advice.js';
import type { Io } from '../io.js';
import { describeLink, linkLine } from '../link-lines.js';
import { HELP, parse } from '../options.js';
import { readTextLines } from '../ports/text-lines.js';

/** Where `npm start` serves the page. */
const DEFAULT_BASE = 'http://localhost:5173/';

/** `link encode` and `link decode`. */
export async function linkCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parse(args, {
    ...HELP,
    base: { type: 'string' },
    note: { type: 'string' },
    json: { type: 'boolean' },
  });
  const [verb, what, ...rest] = positionals;
  if (verb !== 'encode' && verb !== 'decode') throw new AppError('USAGE', 'link encode or link decode?');
  if (what === undefined || rest.length > 0)
    throw new AppError(
      'USAGE',
      verb === 'encode' ? 'link encode takes one file of results, or -.' : 'link decode takes one link, or -.',
    );
  if (verb === 'encode') {
    if (values.json === true) throw new AppError('USAGE', '--json goes with link decode.');
    return encode(what, baseOf(values.base), values.note, io);
  }
  if (values.base !== undefined || values.note !== undefined)
    throw new AppError('USAGE', '--base and --note go with link encode.');
  return decode(what, values.json === true, io);
}

/** @throws AppError `USAGE` unless it is a web address. */
function baseOf(value: string | undefined): string {
  const url = value === undefined || URL.canParse(value) ? new URL(value ?? DEFAULT_BASE) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new AppError('USAGE', `--base is the address of the page, http or https, not ${value}.`);
  url.hash = '';
  return url.href;
}

/** A link a line; a line that is no result is told and leaves the others alone. */
async function encode(file: string, base: string, note: string | undefined, io: Io): Promise<number> {
  let number = 0;
  let failed = 0;
  for await (const line of readTextLines(file, io.signal)) {
    number++;
    if (line.trim() === '') continue;
    try {
      await io.print(`${base}#${encodeFragment(sharedFromLine(line, note))}\n`);
    } catch (thrown) {
      const { code, message } = toAppError(thrown);
      if (code !== 'RESULT_INVALID' && code !== 'LINK_INVALID') throw thrown;
      failed++;
      io.note(`ppad: line ${number}: ${message} (${code})`);
      io.note(adviceFor('RESULT_INVALID').text ?? '');
    }
  }
  if (number === 0) throw new AppError('RESULT_INVALID', `${file === '-' ? 'Standard input' : file} holds no line.`);
  return failed === 0 ? EXIT.done : EXIT.failed;
}

async function decode(link: string, json: boolean, io: Io): Promise<number> {
  const text = link === '-' ? await firstLine(io) : link;
  try {
    const shared = decodeLink(text);
    await io.print(json ? `${linkLine(linkVersion(text), shared)}\n` : describeLink(shared));
    return EXIT.done;
  } catch (thrown) {
    const { code, message } = toAppError(thrown);
    const { text: advice, status } = adviceFor(code);
    if (!code.startsWith('LINK_')) throw thrown;
    if (json) await io.print(`${JSON.stringify({ error: { code, message } })}\n`);
    io.note(`ppad: ${message} (${code})`);
    if (advice !== undefined) io.note(advice);
    return status;
  }
}

async function firstLine(io: Io): Promise<string> {
  for await (const line of readTextLines('-', io.signal)) return line;
  return '';
}
