import { parentPort, type MessagePort } from 'node:worker_threads';
import { toAppError } from '../../core/errors.js';
import type { ErrorValue } from '../../core/result.js';
import { prepareFilm, type ScorableFilm } from '../../engine/score.js';
import { nodeCodecs } from './codecs.js';
import { readFilm } from './film-files.js';

/** A thread's `workerData`: by `role` the program knows that it runs as a decoder. */
export interface DecoderTask {
  readonly role: 'decoder';
  /** Sides that the pack squashes films to. */
  readonly steps: number[];
}

export type DecoderReply =
  { readonly file: string; readonly prepared: ScorableFilm } | { readonly file: string; readonly error: ErrorValue };

/** The thread's side: takes paths of films, one after the other, and answers each with the film prepared or its error. */
export function runDecoder({ steps }: DecoderTask, port: MessagePort | null = parentPort): void {
  const codecs = nodeCodecs();
  let last = Promise.resolve();
  port?.on('message', (file: string) => {
    last = last.then(async () => port.postMessage(await answer(file)));
  });
  const answer = async (file: string): Promise<DecoderReply> => {
    try {
      const { film, ...rest } = await prepareFilm(await readFilm(file), codecs, { preprocessing: { steps } });
      return { file, prepared: { ...rest, film: { facts: film.facts } } };
    } catch (thrown) {
      const { code, message, detail } = toAppError(thrown);
      return { file, error: { code, message, detail } };
    }
  };
}
