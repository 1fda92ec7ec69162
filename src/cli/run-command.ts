import { AppError, toAppError } from '../core/errors.js';
import { adviceFor, EXIT } from './advice.js';
import { evaluateCommand } from './commands/evaluate.js';
import { helpText } from './commands/help.js';
import { importCommand } from './commands/import.js';
import { inspectCommand } from './commands/inspect.js';
import { linkCommand } from './commands/link.js';
import { packCommand } from './commands/pack.js';
import { scoreCommand } from './commands/score.js';
import { PipeClosed, type Io } from './io.js';

/** A command's arguments without its name; the promise is the exit status. */
export type Command = (args: readonly string[], io: Io) => Promise<number>;

const COMMANDS: Readonly<Record<string, Command>> = {
  score: scoreCommand,
  evaluate: evaluateCommand,
  import: importCommand,
  inspect: inspectCommand,
  pack: packCommand,
  link: linkCommand,
};

/** Runs a command line and returns its exit status; errors are told on standard error, with advice. */
export async function runCommand(args: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(args, io);
  } catch (thrown) {
    if (thrown instanceof PipeClosed) return EXIT.failed;
    const { code, message } = toAppError(thrown);
    const { text, status } = adviceFor(code);
    if (code === 'ABORTED') io.note('ppad: stopped.');
    else io.note(`ppad: ${message}`);
    if (text !== undefined) io.note(text);
    return status;
  }
}

async function dispatch([name, ...args]: readonly string[], io: Io): Promise<number> {
  if (name === undefined) throw new AppError('USAGE', 'Which command?');
  const asksHelp = name === 'help' || name === '--help' || name === '-h';
  if (asksHelp || args.includes('--help') || args.includes('-h')) {
    await io.print(helpText(asksHelp ? args[0] : name));
    return EXIT.done;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new AppError('USAGE', `There is no command ${name}.`);
  return command(args, io);
}
