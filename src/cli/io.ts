import { AppError } from '../core/errors.js';

/** What a command may use of the process. */
export interface Io {
  /** The program of the threads that score films. */
  readonly lane: URL;
  /** The pack that ships with the program. */
  readonly defaultPack: string;
  /** CLIP's merges, which come with the program. */
  readonly merges: string;
  /** Fires at an interrupt. */
  readonly signal: AbortSignal;
  /** Writes to standard output, which carries results alone. Settles when the text is out; throws `PipeClosed` if nobody reads on. */
  print(text: string): Promise<void>;
  /** Writes a line to standard error. */
  note(line: string): void;
}

/** Whoever read standard output has gone (`| head`): no failure of ours, and nobody is left to tell. */
export class PipeClosed extends AppError {
  constructor() {
    super('ABORTED', 'Standard output was closed.');
  }
}

/** The process's own streams. */
export function processIo(where: Pick<Io, 'lane' | 'defaultPack' | 'merges' | 'signal'>): Io {
  // A failed write is reported twice, here and to its callback; without a listener the first would end the process loudly.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  return {
    ...where,
    print: (text) =>
      new Promise((resolve, reject) => {
        process.stdout.write(text, (error) => (error ? reject(writeFault(error)) : resolve()));
      }),
    note: (line) => void process.stderr.write(`${line}\n`),
  };
}

function writeFault(error: Error): Error {
  return 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') ? new PipeClosed() : error;
}
