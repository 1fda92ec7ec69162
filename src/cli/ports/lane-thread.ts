import { parentPort, type MessagePort } from 'node:worker_threads';
import { AppError, toAppError } from '../../core/errors.js';
import type { DenseTensor } from '../../core/pack/prompt-set.js';
import type { ErrorValue, ScoreResult } from '../../core/result.js';
import { chooseBackend, type SetAside } from '../../engine/choose-backend.js';
import type { LoadedPack } from '../../engine/load-pack.js';
import type { Classes, Model } from '../../engine/model.js';
import { prepareFilm, scorePrepared } from '../../engine/score.js';
import { nodeCodecs } from './codecs.js';
import { readFilm } from './film-files.js';
import { startNodeHash } from './hash.js';
import { nodeRuntimes } from './ort-runtime.js';

/** Class words, and what they mean to the model: for `Model.reword`. */
export interface Rewording {
  readonly classes: Classes;
  readonly textFeatures: DenseTensor;
}

/** The first message to a lane: the model that it is to open. Orders follow, each answered in turn. */
export interface LaneTask {
  readonly pack: LoadedPack;
  /** Other class words than the pack's own. */
  readonly rewording: Rewording | undefined;
  /** Threads for one inference. */
  readonly threads: number;
  /** `PPAD_RUNTIME`. */
  readonly runtime: string | undefined;
  /** Names the program and its version. */
  readonly app: string;
}

/** What a lane is told after its task: the path of a film to score, or that there are no more. */
export type LaneOrder = string | { readonly close: true };

/** What a lane says once: the backend that reproduced the pack's golden vector. */
export interface LaneOpened {
  readonly backend: Model['backend'];
  readonly setAside: readonly SetAside[];
}

export type LaneReply =
  | { readonly opened: LaneOpened }
  | { readonly failed: ErrorValue }
  | { readonly result: ScoreResult }
  | { readonly error: ErrorValue };

/** The thread's side of a lane: everything that a film needs, from its bytes to its scores. */
export function runLane(port: MessagePort | null = parentPort): void {
  const reply = (value: LaneReply): void => port?.postMessage(value);
  const codecs = nodeCodecs();
  let app = '';
  let opening: Promise<Model> | undefined;
  const open = async (task: LaneTask): Promise<Model> => {
    app = task.app;
    const { model, setAside } = await chooseBackend(task.pack, { runtimes: nodeRuntimes(task.threads, task.runtime) });
    reply({ opened: { backend: model.backend, setAside } });
    return task.rewording ? model.reword(task.rewording.classes, task.rewording.textFeatures) : model;
  };
  const score = async (file: string): Promise<ScoreResult> => {
    const model = await opening!;
    const film = await prepareFilm(readFilm(file), codecs, model.pack.manifest, undefined, startNodeHash);
    return scorePrepared(model, film, app);
  };
  let last: Promise<void> = Promise.resolve();
  // The pack is still being read.
  void nodeRuntimes(1, undefined)[0]
    ?.warm?.()
    .catch(() => undefined);
  let closing = false;
  port?.on('message', (message: LaneTask | LaneOrder) => {
    if (typeof message === 'object' && 'close' in message) {
      closing = true;
      void last.then(() => process.exit());
      return;
    }
    if (typeof message === 'object') {
      opening = open(message);
      last = opening.then(
        () => undefined,
        (thrown: unknown) => reply({ failed: toErrorValue(thrown) }),
      );
      return;
    }
    last = last
      .then(() => {
        if (closing) throw new AppError('ABORTED', 'Stopped.');
        return score(message);
      })
      .then(
        (result) => reply({ result }),
        (thrown: unknown) => reply({ error: toErrorValue(thrown) }),
      );
  });
}

function toErrorValue(thrown: unknown): ErrorValue {
  const { code, message, detail } = toAppError(thrown);
  return { code, message, detail };
}
