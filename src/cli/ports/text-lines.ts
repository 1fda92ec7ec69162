import { createReadStream } from 'node:fs';
import { addAbortSignal } from 'node:stream';
import { AppError, throwIfAborted } from '../../core/errors.js';

/** Longer lines are no results: they are not gathered in memory. */
const LONGEST = 100_000;

/**
 * The lines of a file, or of standard input for `-`, one in memory at a time.
 *
 * @throws AppError `FILE_VANISHED` for what is not there or may not be read, `RESULT_INVALID` for an endless line, `ABORTED`.
 */
export async function* readTextLines(path: string, signal: AbortSignal): AsyncGenerator<string> {
  const input = addAbortSignal(signal, path === '-' ? process.stdin : createReadStream(path));
  input.setEncoding('utf8');
  let rest = '';
  try {
    for await (const chunk of input as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > LONGEST) throw new AppError('RESULT_INVALID', `A line of ${path} has more than ${LONGEST} characters.`);
      yield* lines;
    }
  } catch (cause) {
    throwIfAborted(signal);
    if (cause instanceof AppError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('FILE_VANISHED', `${path} cannot be read: ${reason}`, {}, { cause });
  }
  if (rest !== '') yield rest;
}
