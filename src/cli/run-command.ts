import { AppError, toAppError } from '../core/errors.js';
import { adviceFor, EXIT } from './advice.js';
import { helpText } from './commands/help.js';
import { PipeClosed, type Io } from './io.js';

/** A command's arguments without its name; the promise is the exit status. */
export type Command = (args: readonly string[], io: Io) => Promise<number>;

/** Each with what it needs: scoring waits for no tokenizer and no writer of graphs. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  score: async () => (await import('./commands/score.js')).scoreCommand,
  evaluate: async () => (await import('./commands/evaluate.js')).evaluateCommand,
  import: async () => (await import('./commands/import.js')).importCommand,
  inspect: async () => (await import('./commands/inspect.js')).inspectCommand,
  pack: async () => (await import('./commands/pack.js')).packCommand,
  link: async () => (await import('./commands/link.js')).linkCommand,
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
  return (await command())(args, io);
}
