import { afterEach, describe, expect, it } from 'vitest';
import { startDecoder, type Decoder } from './decoder.js';

/** A thread that answers with the film's name, fails when told, and dies when told. */
const THREAD = `
  import { parentPort } from 'node:worker_threads';
  parentPort.on('message', (file) => {
    if (file === 'die') process.exit(1);
    if (file === 'hang') return;
    parentPort.postMessage(
      file === 'bad' ? { file, error: { code: 'CORRUPT', message: 'damaged', detail: { at: 3 } } } : { file, prepared: { inputDigest: file } },
    );
  });
`;

let decoder: Decoder;
const start = (): Decoder => (decoder = startDecoder(new URL(`data:text/javascript,${encodeURIComponent(THREAD)}`), [224]));
afterEach(() => decoder.close());

/** What became of each film: its digest, or the code of its error. */
const outcomes = (files: readonly string[]): Promise<string[]> =>
  Promise.all(
    files.map((file) =>
      decoder.prepare(file).then(
        (film) => film.inputDigest,
        ({ code }: { code: string }) => code,
      ),
    ),
  );

describe('startDecoder', () => {
  it('answers each film with its own result or error', async () => {
    start();
    expect(await outcomes(['a', 'bad', 'b'])).toEqual(['a', 'CORRUPT', 'b']);
    await expect(decoder.prepare('bad')).rejects.toMatchObject({ message: 'damaged', detail: { at: 3 } });
  });

  it('survives a film that kills its thread; the films behind it are prepared', async () => {
    start();
    const films = Array.from({ length: 4 * decoder.capacity }, (_, i) => (i === 1 ? 'die' : `film ${i}`));
    expect(await outcomes(films)).toEqual(films.map((film) => (film === 'die' ? 'WORKER_LOST' : film)));
    expect(await outcomes(['after'])).toEqual(['after']);
  });

  it('leaves nobody waiting when it is closed', async () => {
    start();
    const waiting = outcomes(['hang', 'hang']);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await decoder.close();
    expect(await waiting).toEqual(['ABORTED', 'ABORTED']);
  });
});
