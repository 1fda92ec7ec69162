import { afterEach, describe, expect, it } from 'vitest';
import { FilmLanes, type LanesTask } from './film-lanes.js';

/**
 * A thread in the place of the real one: opens unless it has a wrong number of threads, answers with the film's name, fails
 * when told, and dies when told.
 */
const THREAD = `
  import { parentPort } from 'node:worker_threads';
  parentPort.on('message', (message) => {
    if (message.close) process.exit();
    if (typeof message !== 'string') {
      if (message.threads === 13) process.exit(1);
      parentPort.postMessage(
        message.threads === 7
          ? { failed: { code: 'OUT_OF_MEMORY', message: 'too large', detail: {} } }
          : { opened: { backend: 'native', setAside: [] } },
      );
      return;
    }
    if (message === 'die') process.exit(1);
    if (message === 'hang') return;
    parentPort.postMessage(
      message === 'bad' ? { error: { code: 'CORRUPT', message: 'damaged', detail: { at: 3 } } } : { result: { inputDigest: message } },
    );
  });
`;

const TASK = {} as LanesTask;
let lanes: FilmLanes;
const start = (): FilmLanes => (lanes = new FilmLanes(new URL(`data:text/javascript,${encodeURIComponent(THREAD)}`)));
afterEach(() => lanes.close());

/** What became of each film: its digest, or the code of its error. */
const outcomes = (files: readonly string[]): Promise<string[]> =>
  Promise.all(
    files.map((file) =>
      lanes.score(file).then(
        (result) => result.inputDigest,
        ({ code }: { code: string }) => code,
      ),
    ),
  );

const FILMS = Array.from({ length: 20 }, (_, i) => `film ${i}`);

describe('FilmLanes', () => {
  it('answer each film with its own result or error', async () => {
    expect(await start().open(TASK, [1, 1])).toEqual({ backend: 'native', setAside: [] });
    expect(await outcomes(['a', 'bad', 'b', ...FILMS])).toEqual(['a', 'CORRUPT', 'b', ...FILMS]);
    await expect(lanes.score('bad')).rejects.toMatchObject({ message: 'damaged', detail: { at: 3 } });
  });

  it.each([[[1]], [[1, 1]]])('survive a film that kills its thread; the films behind it are scored (%j)', async (threads) => {
    await start().open(TASK, threads);
    const films = FILMS.map((film, i) => (i === 1 || i === 7 ? 'die' : film));
    expect(await outcomes(films)).toEqual(films.map((film) => (film === 'die' ? 'WORKER_LOST' : film)));
    expect(await outcomes(['after'])).toEqual(['after']);
  });

  it('do without a lane that does not open, unless it is the first', async () => {
    await start().open(TASK, [1, 7, 13]);
    expect(await outcomes(FILMS)).toEqual(FILMS);
    await lanes.close();
    await expect(start().open(TASK, [7])).rejects.toMatchObject({ code: 'OUT_OF_MEMORY', message: 'too large' });
    expect(await outcomes(['a', 'b'])).toEqual(['OUT_OF_MEMORY', 'OUT_OF_MEMORY']);
    await lanes.close();
    await expect(start().open(TASK, [13])).rejects.toMatchObject({ code: 'WORKER_LOST' });
  });

  it('leave nobody waiting when they are closed', async () => {
    await start().open(TASK, [1]);
    const waiting = outcomes(['hang', 'hang', 'hang', 'hang']);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await lanes.close();
    expect(await waiting).toEqual(['ABORTED', 'ABORTED', 'ABORTED', 'ABORTED']);
    expect(await outcomes(['late'])).toEqual(['ABORTED']);
  });
});
